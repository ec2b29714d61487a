"""The operations that make summaries."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.tensor_protos import fill_tensor
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import invalid
from graphmagic.ops.text import byte_strings
from graphmagic.ops.variant import scalar
from graphmagic.summary.messages import message
from graphmagic.summary.pictures import pixels_of, png

__all__ = ["histogram_op", "image_op", "merge_op", "scalar_op", "text_op"]


def _serialized(summary: Any) -> Any:
    result = np.empty((), object)
    result[()] = summary.SerializeToString()
    return result


def _op(name: str, signature: str, **options: Any) -> OpDef:
    opdef = OpDef(name, f"{signature} -> summary:string", stateful=True, differentiable=False, **options)
    opdef.shape_rule(scalar)
    return opdef


scalar_op = _op("ScalarSummary", "tags:string, values:T", types={"T": dtypes.REALS})
histogram_op = _op("HistogramSummary", "tag:string, values:T", types={"T": dtypes.REALS})
image_op = _op("ImageSummary", "tag:string, tensor:T", types={"T": (dtypes.uint8, *dtypes.REAL_FLOATS)})
text_op = _op("TensorSummaryV2", "tag:string, tensor:T, serialized_summary_metadata:string")
merge_op = _op("MergeSummary", "inputs:N*string")


def _tag(tag: Any) -> str:
    found = np.asarray(tag, object)[()]
    return found.decode() if isinstance(found, bytes) else str(found)


@scalar_op.kernel
def scalar_kernel(tag: Any, value: Any) -> Any:
    if np.ndim(value):
        raise invalid(
            f"tags and values are not the same shape: [] != {shape_text(value)} (tag '{_tag(tag)}')"
        )
    summary = message("summary", "Summary")()
    summary.value.add(tag=_tag(tag), simple_value=float(value))
    return _serialized(summary)


def _limits() -> Any:
    positive, limit = [], 1e-12
    while limit < 1e20:
        positive.append(limit)
        limit *= 1.1
    top = float(np.finfo(np.float64).max)
    return np.array([-top, *[-p for p in reversed(positive)], 0.0, *positive, top])


_LIMITS = _limits()


@histogram_op.kernel
def histogram_kernel(tag: Any, values: Any) -> Any:
    flat = np.asarray(values, np.float64).ravel()
    if not np.isfinite(flat).all():
        what = "Nan in summary histogram" if np.isnan(flat).any() else "Infinity in Histogram"
        raise invalid(f"{what} for: {_tag(tag)}")
    summary = message("summary", "Summary")()
    histo = summary.value.add(tag=_tag(tag)).histo
    top = _LIMITS[-1]
    histo.min, histo.max = flat.min(initial=top), flat.max(initial=-top)
    histo.num, histo.sum, histo.sum_squares = flat.size, _total(flat), _total(np.square(flat))
    counts = np.bincount(np.searchsorted(_LIMITS, flat, "right"), minlength=len(_LIMITS))
    # of empty buckets in a row only the last is written
    shown = (counts > 0) | np.append(counts[1:] > 0, True)
    histo.bucket_limit.extend(_LIMITS[shown].tolist())
    histo.bucket.extend(counts[shown].astype(np.float64).tolist())
    return _serialized(summary)


def _total(numbers: Any) -> float:
    """The sum, added one after the other as TensorFlow does."""
    return float(np.add.accumulate(numbers)[-1]) if numbers.size else 0.0


@image_op.kernel
def image_kernel(tag: Any, tensor: Any, *, max_images: int) -> Any:
    if np.ndim(tensor) != 4 or tensor.shape[3] not in (1, 3, 4):
        raise invalid(f"Tensor must be 4-D with last dim 1, 3, or 4, not {shape_text(tensor)}")
    summary = message("summary", "Summary")()
    for i, picture in enumerate(np.asarray(tensor)[:max_images]):
        name = f"{_tag(tag)}/image" if max_images == 1 else f"{_tag(tag)}/image/{i}"
        image = summary.value.add(tag=name).image
        image.height, image.width, image.colorspace = picture.shape
        image.encoded_image_string = png(pixels_of(picture))
    return _serialized(summary)


@text_op.kernel
def text_kernel(tag: Any, tensor: Any, metadata: Any) -> Any:
    summary = message("summary", "Summary")()
    value = summary.value.add(tag=_tag(tag))
    fill_tensor(value.tensor, np.asarray(tensor))
    (described,) = byte_strings(metadata)
    if described:
        value.metadata.ParseFromString(described)
    return _serialized(summary)


@merge_op.kernel
def merge_kernel(inputs: Any) -> Any:
    summary = message("summary", "Summary")()
    seen: set[str] = set()
    for text in (text for item in inputs for text in byte_strings(item)):
        try:
            part = message("summary", "Summary").FromString(text)
        except Exception:
            raise invalid("Could not parse one of the summary inputs") from None
        for value in part.value:
            if value.tag in seen:
                raise invalid(f"Duplicate tag {value.tag} found in summary inputs ")
            seen.add(value.tag)
        summary.MergeFrom(part)
    return _serialized(summary)
