"""The values of CAP 1.2 (Common Alerting Protocol) in its own spelling, and what they decide here."""

from enum import StrEnum


class Status(StrEnum):
    """Whether it is meant (CAP 3.2.1 `status`); only a drill is an Exercise or a Test."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    TEST = "Test"


class MessageType(StrEnum):
    """What it does to an earlier notice (CAP 3.2.1 `msgType`); Update and Cancel name it in `references`."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


class CapCategory(StrEnum):
    """The field that the event belongs to (CAP 3.2.2 `category`)."""

    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class Severity(StrEnum):
    """How much harm is possible (CAP 3.2.2 `severity`)."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"

    @property
    def is_grave(self) -> bool:
        """Severe or worse: goes first and needs a second person."""
        return self in (Severity.EXTREME, Severity.SEVERE)

    @property
    def can_wait_for_morning(self) -> bool:
        """Minor or Moderate. Unknown is not among them: what nobody has judged may be grave, so it rings."""
        return self in (Severity.MODERATE, Severity.MINOR)


class Urgency(StrEnum):
    """How soon people must act (CAP 3.2.2 `urgency`)."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """How sure it is (CAP 3.2.2 `certainty`)."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


class ResponseType(StrEnum):
    """What kind of action is asked for (CAP 3.2.2 `responseType`)."""

    SHELTER = "Shelter"
    EVACUATE = "Evacuate"
    PREPARE = "Prepare"
    EXECUTE = "Execute"
    AVOID = "Avoid"
    MONITOR = "Monitor"
    ASSESS = "Assess"
    ALL_CLEAR = "AllClear"
    NONE = "None"
