"""The pipeline for one caller: pieces in, pieces with their hypotheses out, in bounded memory.

A reader thread fills a buffer that is bounded in tokens; a flow plans batches of its content
(see ``flow.service``), keeps a few of them in the engine, and delivers finished results, in input
order if asked. The engine releases the interpreter lock, so that reading and tokenizing continue
while it decodes.
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
        blocks: lists of pieces; iterated in a separate thread.
        decoder: decodes them.
        decoding: decoding options for pieces that have none of their own.
        options: limits on memory and batches, and a running flow if there is one.
        monitor: told of every batch.

    Yields:
        Lists of pieces with their hypotheses, best first: in input order, as soon as possible;
        without ``in_order``, as soon as they are decoded.

    Raises:
        Exception: whatever ``blocks`` raised, after all results before it, or the decoder raised.
    """
    if options.service is not None:
        yield from options.service.stream(blocks, decoder, decoding, options, monitor)
        return
    with FlowService(decoder.workers, options) as service:
        yield from service.stream(blocks, decoder, decoding, options, monitor)
