"""What the tools of the field know of each protocol: one row of `TOOLS` a protocol, nothing else to register.

A row's functions raise only the errors that it names, for bytes and names that mean nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device_drivers.atol import describe as atol
from device_drivers.atol.frames import FrameError as AtolFrameError
from device_drivers.atol.messages import MessageError as AtolMessageError
from device_drivers.ccnet import describe as ccnet
from device_drivers.ccnet import frames as ccnet_frames
from device_drivers.ccnet.frames import FrameError as CcnetFrameError
from device_drivers.ccnet.messages import MessageError as CcnetMessageError
from device_drivers.cctalk import describe as cctalk
from device_drivers.cctalk.frames import FrameError as CctalkFrameError
from device_drivers.cctalk.messages import MessageError as CctalkMessageError
from device_drivers.cctalk.place import FormError as CctalkFormError
from device_drivers.cctalk.place import form_of
from device_drivers.escpos import describe as escpos
from device_drivers.escpos.status import StatusError
from device_drivers.essp import describe as essp
from device_drivers.essp.frames import FrameError as EsspFrameError
from device_drivers.essp.messages import MessageError as EsspMessageError
from device_drivers.id003 import describe as id003
from device_drivers.id003 import frames as id003_frames
from device_drivers.id003.frames import FrameError as Id003FrameError
from device_drivers.id003.messages import MessageError as Id003MessageError
from device_drivers.inpas import describe as inpas
from device_drivers.inpas.frames import FrameError as InpasFrameError
from device_drivers.inpas.messages import MessageError as InpasMessageError
from device_drivers.input_records import RecordError, decode_record, encode_record
from device_drivers.osmp_watchdog import describe as osmp_watchdog
from device_drivers.osmp_watchdog.frames import FrameError as WatchdogFrameError
from device_drivers.osmp_watchdog.messages import MessageError as WatchdogMessageError
from device_drivers.sberbank import describe as sberbank
from device_drivers.sberbank.frames import Control as SberbankControl
from device_drivers.sberbank.frames import FrameError as SberbankFrameError
from device_drivers.sberbank.messages import MessageError as SberbankMessageError
from device_drivers.scanner.describe import CodeError, decode_code, encode_code
from device_drivers.shtrih_m import describe as shtrih_m
from device_drivers.shtrih_m.frames import FrameError as ShtrihMFrameError
from device_drivers.shtrih_m.messages import MessageError as ShtrihMMessageError
from device_drivers.simulators.atol import AtolSimulator
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.cctalk_bills import CctalkBillSimulator
from device_drivers.simulators.cctalk_coins import CctalkCoinSimulator
from device_drivers.simulators.cctalk_wire import CctalkForm
from device_drivers.simulators.core import DeviceSimulator
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.essp import EsspSimulator
from device_drivers.simulators.id003 import Id003Simulator
from device_drivers.simulators.inpas import InpasSimulator
from device_drivers.simulators.keep import Keeper, MemoryKeeper, PaperKeeper, load_memory
from device_drivers.simulators.nut import UpsdSimulator
from device_drivers.simulators.osmp_watchdog import OsmpWatchdogSimulator
from device_drivers.simulators.paper import check_paper, next_slip_number
from device_drivers.simulators.sberbank import SberbankSimulator
from device_drivers.simulators.scanner import ScannerSimulator
from device_drivers.simulators.shtrih_m import ShtrihMSimulator
from device_drivers.simulators.switches import SwitchBoardSimulator
from device_drivers.simulators.vendotek import VendotekSimulator
from device_drivers.ups.describe import decode_line, encode_line
from device_drivers.ups.frames import LineError
from device_drivers.vendotek import describe as vendotek
from device_drivers.vendotek.frames import FrameError as VendotekFrameError
from device_drivers.vendotek.messages import MessageError as VendotekMessageError

HOST_TO_DEVICE = "host->device"
DEVICE_TO_HOST = "device->host"
DIRECTIONS = (HOST_TO_DEVICE, DEVICE_TO_HOST)

Fields = dict[str, object]
Described = tuple[str, Fields]


class UsageError(Exception):
    """What was asked makes no sense; the text says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was said beside the bytes or the name."""

    direction: str | None = None  # None: the host is tried first
    variant: str = ""
    key: str = ""
    request: bytes = b""  # the question a bare status answers


@dataclass(frozen=True, slots=True)
class ProtocolTools:
    """Bytes in words, words in bytes, and the device at the far end."""

    decode: Callable[[bytes, Asked], Described]
    errors: tuple[type[Exception], ...]
    encode: Callable[[str, Mapping[str, str], Asked], bytes] | None = None
    simulate: Callable[[argparse.Namespace], tuple[DeviceSimulator, Keeper]] | None = None
    variants: tuple[str, ...] = ()


def in_either_direction(describe: Callable[[str], Described], asked: Asked, error: type[Exception]) -> Described:
    """What `describe` finds in the direction asked for; with none the host's, and failing that the device's."""
    if asked.direction is not None:
        return describe(asked.direction)
    try:
        return describe(HOST_TO_DEVICE)
    except error:
        return describe(DEVICE_TO_HOST)


def remembering(
    make: Callable[[dict[str, Any] | None, argparse.Namespace], DeviceSimulator],
) -> Callable[[argparse.Namespace], tuple[DeviceSimulator, Keeper]]:
    """How a device is simulated that keeps a memory over a loss of power, in the file of `--memory`."""

    def simulate(options: argparse.Namespace) -> tuple[DeviceSimulator, Keeper]:
        if not 0 <= options.initialize_s <= 60:
            raise UsageError("--initialize-s is a number from 0 to 60")
        simulator = make(None if options.memory is None else load_memory(options.memory), options)
        return simulator, MemoryKeeper(simulator, options.memory)

    return simulate


# --- ccnet ------------------------------------------------------------------------------------------------------------


def _decode_ccnet(raw: bytes, asked: Asked) -> Described:
    data = ccnet_frames.decode(raw).data
    return in_either_direction(lambda direction: ccnet.describe(data, direction), asked, CcnetMessageError)


def _encode_ccnet(name: str, values: Mapping[str, str], asked: Asked) -> bytes:
    data = ccnet.encode_data(name, values)
    return ccnet_frames.encode(ccnet_frames.Frame(ccnet_frames.BILL_VALIDATOR, data))


# --- id003 ------------------------------------------------------------------------------------------------------------


def _decode_id003(raw: bytes, asked: Asked) -> Described:
    data = id003_frames.decode(raw)
    return in_either_direction(lambda direction: id003.describe(data, direction), asked, Id003MessageError)


def _encode_id003(name: str, values: Mapping[str, str], asked: Asked) -> bytes:
    return id003_frames.encode(id003.encode_data(name, values))


# --- escpos -----------------------------------------------------------------------------------------------------------


ESCPOS_VARIANTS = ("presenter",)  # of the simulated printer; the commands are the same


def _decode_escpos(raw: bytes, asked: Asked) -> Described:
    """Without a direction what can be a status is one: a printer says little else."""
    if asked.direction == HOST_TO_DEVICE and not asked.request:
        return escpos.describe_command(raw)
    return escpos.describe_answer(raw, asked.request or None)


# --- sberbank ---------------------------------------------------------------------------------------------------------


def _decode_sberbank(raw: bytes, asked: Asked) -> Described:
    if len(raw) == 1 and raw[0] in set(SberbankControl) and asked.variant != sberbank.VARIANTS[0]:
        return SberbankControl(raw[0]).name, {}
    return sberbank.decode_frame(raw, asked.variant)


def _simulate_escpos(options: argparse.Namespace) -> tuple[DeviceSimulator, Keeper]:
    if options.paper is None:
        raise UsageError("a printer needs --paper, the folder its slips fall into")
    if not 0.5 <= options.rows_per_s <= 1000:
        raise UsageError("--rows-per-s is a number from 0.5 to 1000")
    folder: Path = options.paper
    check_paper(folder)
    printer = EscposSimulator(
        rows_per_s=options.rows_per_s,
        first_number=next_slip_number(folder),
        presenter=options.variant == ESCPOS_VARIANTS[0],
    )
    return printer, PaperKeeper(printer, folder)


# --- cctalk -----------------------------------------------------------------------------------------------------------


def _simulated_cctalk(memory: dict[str, Any] | None, options: argparse.Namespace) -> DeviceSimulator:
    try:
        form_of(options.variant, options.key)
    except CctalkFormError as error:
        raise UsageError(f"cctalk: {error}") from error
    form = CctalkForm("crc16" if options.key else options.variant or "checksum8", options.key)
    if options.coins:
        return CctalkCoinSimulator(memory, form=form, echo=options.echo)
    return CctalkBillSimulator(memory, initialize_s=options.initialize_s, form=form, echo=options.echo)


TOOLS: Mapping[str, ProtocolTools] = {
    "ccnet": ProtocolTools(
        decode=_decode_ccnet,
        errors=(CcnetFrameError, CcnetMessageError),
        encode=_encode_ccnet,
        simulate=remembering(lambda memory, options: CcnetSimulator(memory, initialize_s=options.initialize_s)),
    ),
    "cctalk": ProtocolTools(
        decode=lambda raw, asked: cctalk.decode_frame(raw, asked.direction, asked.variant, asked.key),
        errors=(CctalkFrameError, CctalkMessageError, CctalkFormError),
        encode=lambda name, values, asked: cctalk.encode_frame(name, values, asked.variant, asked.key),
        simulate=remembering(_simulated_cctalk),
        variants=cctalk.VARIANTS,
    ),
    "id003": ProtocolTools(
        decode=_decode_id003,
        errors=(Id003FrameError, Id003MessageError),
        encode=_encode_id003,
        simulate=remembering(
            lambda memory, options: Id003Simulator(memory, initialize_s=options.initialize_s, echo=options.echo)
        ),
    ),
    "essp": ProtocolTools(
        decode=lambda raw, asked: essp.decode_frame(raw, asked.direction, asked.key, asked.request),
        errors=(EsspFrameError, EsspMessageError),
        encode=lambda name, values, asked: essp.encode_frame(name, values, asked.key),
        simulate=remembering(lambda memory, options: EsspSimulator(memory, initialize_s=options.initialize_s)),
    ),
    "escpos": ProtocolTools(
        decode=_decode_escpos,
        errors=(StatusError,),
        encode=lambda name, values, asked: escpos.encode_command(name, values),
        simulate=_simulate_escpos,
        variants=ESCPOS_VARIANTS,
    ),
    "osmp-watchdog": ProtocolTools(
        decode=lambda raw, asked: osmp_watchdog.decode_message(raw, asked.direction, asked.variant, asked.request),
        errors=(WatchdogFrameError, WatchdogMessageError),
        encode=lambda name, values, asked: osmp_watchdog.encode_message(name, values, asked.variant),
        simulate=remembering(
            lambda memory, options: OsmpWatchdogSimulator(memory, generation=options.variant or "2.5")
        ),
        variants=osmp_watchdog.VARIANTS,
    ),
    "atol3": ProtocolTools(
        decode=lambda raw, asked: in_either_direction(
            lambda direction: atol.decode_frame(raw, direction), asked, AtolMessageError
        ),
        errors=(AtolFrameError, AtolMessageError),
        encode=lambda name, values, asked: atol.encode_frame(name, values),
        simulate=remembering(lambda memory, options: AtolSimulator(memory)),
    ),
    "inpas": ProtocolTools(
        decode=lambda raw, asked: inpas.decode_frame(raw),
        errors=(InpasFrameError, InpasMessageError),
        encode=lambda name, values, asked: inpas.encode_frame(name, values),
        simulate=remembering(lambda memory, options: InpasSimulator(memory)),
    ),
    "sberbank-frame": ProtocolTools(
        decode=_decode_sberbank,
        errors=(SberbankFrameError, SberbankMessageError),
        encode=lambda name, values, asked: sberbank.encode_frame(name, values, asked.variant),
        simulate=remembering(lambda memory, options: SberbankSimulator(memory)),
        variants=sberbank.VARIANTS,
    ),
    "shtrih-m": ProtocolTools(
        decode=lambda raw, asked: in_either_direction(
            lambda direction: shtrih_m.decode_frame(raw, direction), asked, ShtrihMMessageError
        ),
        errors=(ShtrihMFrameError, ShtrihMMessageError),
        encode=lambda name, values, asked: shtrih_m.encode_frame(name, values),
        simulate=remembering(lambda memory, options: ShtrihMSimulator(memory)),
    ),
    "vendotek": ProtocolTools(
        decode=lambda raw, asked: vendotek.decode_frame(raw, asked.direction, asked.variant),
        errors=(VendotekFrameError, VendotekMessageError),
        encode=lambda name, values, asked: vendotek.encode_frame(name, values, asked.variant),
        simulate=remembering(
            lambda memory, options: VendotekSimulator(memory, serial=options.variant != vendotek.VARIANTS[1])
        ),
        variants=vendotek.VARIANTS,
    ),
    "nut": ProtocolTools(
        decode=lambda raw, asked: decode_line(raw, asked.direction),
        errors=(LineError,),
        encode=lambda name, values, asked: encode_line(name, values),
        simulate=remembering(lambda memory, options: UpsdSimulator()),
    ),
    "scanner": ProtocolTools(
        decode=lambda raw, asked: decode_code(raw),
        errors=(CodeError,),
        encode=lambda name, values, asked: encode_code(name, values),
        simulate=remembering(lambda memory, options: ScannerSimulator()),
    ),
    "keyboard-scanner": ProtocolTools(
        decode=lambda raw, asked: decode_record(raw),
        errors=(RecordError,),
        encode=lambda name, values, asked: encode_record(name, values),
        simulate=remembering(lambda memory, options: ScannerSimulator(keyboard=True, suffix=b"\r")),
    ),
    "switches": ProtocolTools(
        decode=lambda raw, asked: decode_record(raw),
        errors=(RecordError,),
        encode=lambda name, values, asked: encode_record(name, values),
        simulate=remembering(lambda memory, options: SwitchBoardSimulator()),
    ),
}
