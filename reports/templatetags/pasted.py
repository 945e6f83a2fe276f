"""Texts of reports on pages and papers: paragraphs with bold and italic words, and the tables pasted between them."""

from dataclasses import replace

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join

from reports.domain import marks, pasted

register = template.Library()


@register.filter
def blocks(paragraphs):
    """[(text, None, it is an item of a list)] for a paragraph, [("", table, False)] for a pasted table."""
    return [
        ("", _formatted_table(block), False)
        if isinstance(block, pasted.PastedTable)
        else (formatted(block), None, pasted.is_item(block))
        for block in pasted.blocks(paragraphs)
    ]


@register.filter
def in_parts(table):
    """A wide table as several that fit on a page."""
    return pasted.in_parts(table)


@register.filter
def formatted(text):
    """A paragraph as HTML: its words escaped, the marked ones in strong and em."""
    return format_html_join("", "{}", ((_run(run),) for run in marks.parse(text)))


@register.filter
def plain(text):
    """The words of a paragraph without marks, to be cut or named."""
    return marks.plain(text)


def _run(run):
    html = conditional_escape(run.text)
    if run.italic:
        html = format_html("<em>{}</em>", html)
    return format_html("<strong>{}</strong>", html) if run.bold else html


def _formatted_table(table):
    rows = tuple(tuple(map(formatted, row)) for row in table.rows)
    return replace(table, columns=tuple(map(formatted, table.columns)), rows=rows)
