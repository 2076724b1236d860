// Times a learner's own event until the page shows its answer. Looking costs time too: while the clock runs, only the
// places are watched in which the answer will appear: a component's shadow root, or the page where it is not in one.

window.stopwatch = (() => {
  const LONGEST = 20_000; // milliseconds

  /** Where something of this kind is: the page, and the open shadow roots; a component is one. */
  const homes = (selector) =>
    [document, ...[...document.querySelectorAll("*")].map((each) => each.shadowRoot)].filter((root) => root?.querySelector(selector));

  /** What is shown there: the heading and these cells, their words alone or their marks too. */
  const shown = (selector, marks, roots = homes(selector)) =>
    [document.querySelector("h1")?.textContent, ...roots.flatMap((root) => [...root.querySelectorAll(selector)])
      .map((cell) => (marks ? cell.className : "") + cell.textContent)].join("|");

  /**
   * Start at the next event of this type; stop when what is shown changes, or, on the way to another page, when it is
   * `wanted` (the component is a new one then, and is looked for once a frame). `elapsed` promises the milliseconds.
   */
  function arm(type, selector, marks = false, wanted = null) {
    const roots = homes(selector), before = shown(selector, marks, roots), stop = new AbortController();
    let start = null, finish;
    const check = () => {
      if (start === null || stop.signal.aborted) return;
      const now = shown(selector, marks, wanted === null ? roots : homes(selector));
      if (wanted === null ? now !== before : now === wanted) finish(performance.now() - start);
    };
    const look = () => { check(); if (!stop.signal.aborted) requestAnimationFrame(look); };
    const begin = (event) => { if (start !== null) return; start = event.timeStamp; if (wanted !== null) requestAnimationFrame(look); };
    const observer = new MutationObserver(check);
    // From one cell to another, pointerover stays inside their shadow root and never reaches the document.
    for (const root of [document, ...roots]) root.addEventListener(type, begin, { capture: true, once: true, signal: stop.signal });
    if (wanted === null) for (const root of roots) observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
    api.elapsed = new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no answer to ${type} in ${LONGEST} ms; shown: ${shown(selector, marks)}`)), LONGEST);
      finish = (milliseconds) => { clearTimeout(late); observer.disconnect(); stop.abort(); resolve(milliseconds); };
    });
  }

  /** Count animation frames, and in how many of them what is shown has changed, until `stop` is called. */
  function film(selector) {
    const frames = [], roots = homes(selector);
    let running = true, redrawn = 0, last = shown(selector, true, roots);
    const frame = (now) => {
      frames.push(now);
      const seen = shown(selector, true, roots);
      if (seen !== last) { redrawn++; last = seen; }
      if (running) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    api.stop = () => {
      running = false;
      const gaps = frames.slice(1).map((now, index) => now - frames[index]), seconds = (frames.at(-1) - frames[0]) / 1000;
      return { frames: gaps.length / seconds, longest: Math.max(...gaps), redrawn: redrawn / seconds };
    };
  }

  /** When the page, opened just now, had been drawn and the server rested. */
  function wait_until_drawn() {
    if (document.querySelector('.stApp[data-test-script-state="notRunning"] h1')) api.drawn = performance.now();
    else requestAnimationFrame(wait_until_drawn);
  }

  const api = { arm, film, shown };
  wait_until_drawn();
  return api;
})();
