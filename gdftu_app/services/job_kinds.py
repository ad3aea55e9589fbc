"""What each kind of job does, and the worker's look whether there is any."""

import time

from gdftu_app.models.jobs import JobKind
from gdftu_app.services.job_announcements import take_in
from gdftu_app.services.job_running import Runner, work_off
from gdftu_app.services.member_exports import export_members
from gdftu_app.services.member_imports import import_members

RUNNERS: dict[JobKind, Runner] = {
    JobKind.MEMBER_EXPORT: export_members,
    JobKind.MEMBER_IMPORT: import_members,
}
# The table is looked into now and then without having been told: messages get lost, and workers die.
LOOK_SECONDS = 5.0
_looked_at = -LOOK_SECONDS


def look_for_jobs() -> int:
    """Run what was announced, or has waited without that; how many jobs."""
    global _looked_at
    if not take_in() and time.monotonic() - _looked_at < LOOK_SECONDS:
        return 0
    ran = work_off(RUNNERS)
    _looked_at = time.monotonic()
    return ran
