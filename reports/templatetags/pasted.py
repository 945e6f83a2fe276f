"""Texts of reports on pages and papers: paragraphs, and the tables that people pasted between them."""

from django import template

from reports.domain import pasted

register = template.Library()


@register.filter
def blocks(paragraphs):
    """[(text, None)] for a paragraph, [("", table)] for a pasted table."""
    return [
        ("", block) if isinstance(block, pasted.PastedTable) else (block, None) for block in pasted.blocks(paragraphs)
    ]


@register.filter
def in_parts(table):
    """A wide table as several that fit on a page."""
    return pasted.in_parts(table)
