"""Which shades a map's few classes take."""

# Classes of a share that is compared before and after: the same, whatever the values.
FIXED_SHARES = (50.0, 80.0, 90.0, 99.0)


def spread(classes: int, colours: int = 5) -> list[int]:
    """Return which of `colours` shades the classes take, so that few classes stay far apart."""
    if classes <= 1:
        return [colours // 2]
    return [round(k * (colours - 1) / (classes - 1)) for k in range(classes)]
