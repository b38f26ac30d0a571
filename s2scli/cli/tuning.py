"""What ``s2s bench --tune`` found, as defaults of the options of a run."""

from __future__ import annotations

import click

from s2scli.cli.console import Console
from s2scli.cli.device_options import DeviceOptions
from s2scli.cli.options import origin
from s2scli.inference.device import available_threads, place
from s2scli.models.manifest import Manifest
from s2scli.tuned import tuned_for

__all__ = ["tuned_options"]


def tuned_options(
    ctx: click.Context, device: DeviceOptions, manifest: Manifest, console: Console
) -> DeviceOptions:
    """The options with what was found for the model, where the user has given nothing.

    Args:
        ctx: of the command.
        device: the options.
        manifest: the model's.
        console: told of each value that was found.

    Raises:
        ConfigurationError: the file with what was found is damaged.
    """
    where = place(device.device, indices=device.device_index, engine=manifest.engine)
    best = tuned_for(manifest.fingerprint, where.device, available_threads())
    if best is None:
        return device
    values = {name: getattr(device, name) for name in device.names()}
    for name, value in (
        ("threads", best.threads or None),
        ("batch_tokens", best.batch_tokens),
        ("compute_type", best.compute_type),
    ):
        if value is not None and origin(ctx, name) == "default":
            values[name] = value
            console.note(f"{name} {value} (s2s bench --tune)")
    return DeviceOptions(values)
