"""The words by which a list names the agreement above: its name and the article."""

import re

_ARTICLE = re.compile(
    r"(.+?)[,;(]?\s*((?:Art(?:icle|ikel)?\.?|§)\s*\d+\w*(?:,?\s*(?:§|para(?:graph)?\.?|Abs\.?)\s*\d+)?)\)?$", re.I
)


def split(text: str) -> tuple[str, str]:
    """`Treaty of Y, Art. 12` → `Treaty of Y`, `Art. 12`."""
    match = _ARTICLE.fullmatch(" ".join(text.split()))
    return (match[1].strip(" ,;("), match[2]) if match else (" ".join(text.split()), "")
