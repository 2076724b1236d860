"""Pictures side by side."""

from html.parser import HTMLParser

from cnn.figures import svg
from cnn.ui.gallery import Exhibit, drawn, gallery, row


class Tags(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[dict[str, str | None]] = []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.attributes.append({"tag": tag, **dict(attrs)})
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_gallery_is_sound_markup():
    exhibits = [
        Exhibit("data:a", "One", (20, 10), "1 2", ["a < b"], share=0.25),
        Exhibit("data:b", 'Two "too"', (5, 5)),
    ]
    tags = Tags(row(gallery(exhibits), gallery(exhibits, 150, "#123456")))
    assert tags.open == []
    images = [found for found in tags.attributes if found["tag"] == "img"]
    assert [image["alt"] for image in images] == ["1 2", 'Two "too"'] * 2
    assert [image["src"] for image in images] == ["data:a", "data:b"] * 2


def test_a_drawing_brings_its_size():
    exhibit = drawn(svg.document(34, 17.5, ['<rect width="3" height="4"/>']), "One")
    assert exhibit.size == (34, 17.5)
    assert 'width="34" height="17.5"' in gallery([exhibit])


def test_names_and_notes_are_text():
    markup = gallery([Exhibit("data:a", "<b>", (5, 5), notes=["<script>"])])
    assert "<b>" not in markup and "<script>" not in markup


def test_a_bar_is_as_long_as_its_share():
    assert "width:25.0%;background:#123456" in gallery([Exhibit("data:a", "One", (5, 5), share=0.25)], 150, "#123456")
    assert "width:1.0%" in gallery([Exhibit("data:a", "One", (5, 5), share=0.0)], 150)  # still to be seen


def test_so_many_abreast_as_asked():
    exhibits = [Exhibit("data:a", "One", (5, 5))] * 10
    assert "grid-template-columns:repeat(5,1fr)" in gallery(exhibits, abreast=5)
    assert "grid-template-columns" not in gallery(exhibits)
