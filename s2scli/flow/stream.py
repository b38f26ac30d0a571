"""The pipeline for one caller: pieces in, pieces with their hypotheses out, in bounded memory.

A reader thread fills a buffer that is bounded in tokens; a flow plans batches of what is there
(see ``flow.service``), keeps a few of them under way, and gives out what is finished, in the order
in which it came if that is wanted. The engine releases the interpreter lock, so that reading and
tokenizing go on while it decodes.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable

from s2scli.data import Decoder, Decoding, Monitor, Piece
from s2scli.flow.lane import Decoded
from s2scli.flow.options import MOST_BATCH_TOKENS, FlowOptions
from s2scli.flow.service import WINDOWS_HELD, FlowService

__all__ = ["MOST_BATCH_TOKENS", "WINDOWS_HELD", "FlowOptions", "stream"]


def stream(
    blocks: Iterable[list[Piece]],
    decoder: Decoder,
    decoding: Decoding,
    options: FlowOptions,
    monitor: Monitor | None = None,
) -> Generator[list[Decoded], None, None]:
    """Decode pieces.

    Args:
        blocks: lists of pieces, iterated in a thread of its own.
        decoder: what decodes them.
        decoding: how, where a piece itself does not say it.
        options: memory and time, and a running flow if there is one.
        monitor: told of every batch.

    Yields:
        Lists of pieces with their hypotheses: in the order of the input, as soon as their turn
        has come; without ``in_order`` as soon as they are decoded.

    Raises:
        Exception: what ``blocks`` raised, after everything before it has been yielded; what the
            decoder raised.
    """
    if options.service is not None:
        yield from options.service.stream(blocks, decoder, decoding, options, monitor)
        return
    with FlowService(decoder.workers, options) as service:
        yield from service.stream(blocks, decoder, decoding, options, monitor)
