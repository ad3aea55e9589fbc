"""Screens through the whole pipeline, guard included: what an address opens, windows, and what stays of a refusal."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlmodel import select

from gdftu_app.models.accounts import Account, AuditEntry, SignInSession
from gdftu_app.services.union_moves import move
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.notices import Notices
from gdftu_app.state.overview import OverviewState
from gdftu_app.state.preferences import PreferencesState
from gdftu_app.state.sign_in import SignInState
from gdftu_app.state.subordinates import SubordinatesState
from gdftu_app.state.union_chooser import UnionChooserState
from tests.own_database import own_database
from tests.state.windows import Window, windows
from tests.web.world import World, settle
