"""Errors whose text is Vietnamese and safe to show."""


class DomainError(Exception):
    """A rule said no; nothing was written."""


class NotAllowed(DomainError):
    """The user may not take this step."""


class WrongState(DomainError):
    """The thing is not in a state from which this step is possible."""


class RuleBroken(DomainError):
    """A quota, a date or a completeness rule forbids it."""


class EditedMeanwhile(DomainError):
    """Somebody saved another text since this one was opened.

    ``theirs`` is the text that is stored now, ``version`` its number.
    """

    def __init__(self, message, *, theirs, version):
        super().__init__(message)
        self.theirs = theirs
        self.version = version
