"""Text that is shown: in legends, in tables, in the rows of results."""

#: Longest text of a cell. csv.reader takes 131,072 characters, and legends and tables far fewer.
MOST_TEXT = 1000


def check_text(text: str) -> None:
    """Raise ValueError, in words that follow the text's name, unless a cell may hold it.

    What names or describes something has to fit into one line, and to be read again.
    """
    if not text.isprintable():
        raise ValueError("must not contain line breaks or other control characters")
    if len(text) > MOST_TEXT:
        raise ValueError(f"must have at most {MOST_TEXT} characters, has {len(text)}")
