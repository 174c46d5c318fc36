"""Starts core: its identity, its folders, and one sentence where it cannot start."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import aiohttp

from payment.journal.journal import JournalError
from provisioning.terminal.identity import IdentityError, load_identity
from terminal_app.config import TerminalConfig
from terminal_app.core.process import Core

_log = logging.getLogger(__name__)


class CoreStartError(Exception):
    """Core cannot start; the text is for a person."""


async def main(config: TerminalConfig, run_dir: Path) -> None:
    """Runs core until it is told to stop."""
    try:
        identity = load_identity(Path(config.office.identity_dir))
    except IdentityError as error:
        _log.warning("no identity, so no office: %s", error)
        identity = None
    run_dir.mkdir(parents=True, exist_ok=True)
    async with aiohttp.ClientSession() as session:
        try:
            core = Core(config, identity, session)
        except JournalError as error:
            raise CoreStartError(str(error)) from error
        await core.run(run_dir)
    sys.stdout.flush()
