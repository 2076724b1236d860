"""Drawings on the timeline's page."""

from cnn.figures import svg
from cnn.ui.lessons.timeline.drawings import figure


def test_a_drawing_keeps_most_of_its_size_and_is_told():
    html = figure(svg.document(500, 200, []), "A & B", 'a "wide" drawing')
    assert 'width="500" height="200"' in html and "min-width:400px" in html and "max-width:100%" in html
    assert "<figcaption" in html and "A &amp; B" in html and 'alt="a &quot;wide&quot; drawing"' in html
    assert "<figcaption" not in figure(svg.document(500, 200, []), "", "told")
