"""Errors meant for people: their text is a Chinese sentence saying where, what and how to mend."""


class ChunshuiError(Exception):
    """Something a user can understand and mend; `str(error)` is the sentence to show."""


class NothingPublishedError(ChunshuiError):
    """No version has been published in this store yet."""


class VersionMissingError(ChunshuiError):
    """The version asked for was never published here, or its file is gone."""


class VersionDamagedError(ChunshuiError):
    """A version file is cut short or altered: it no longer matches its manifest."""


class PublishBusyError(ChunshuiError):
    """Another publisher holds the lock."""


class LedgersRefusedError(ChunshuiError):
    """The ledgers cannot be loaded; `issues` holds every issue found, not only the first.

    `str(error)` spells out all of them, one a line.
    """

    def __init__(self, message: str, issues: list | None = None):
        super().__init__(message)
        self.issues = issues or []


class ChecksFailedError(ChunshuiError):
    """Checks of severity 错误 found rows; `rows` is the check_result frame of those rows."""

    def __init__(self, message: str, rows=None):
        super().__init__(message)
        self.rows = rows
