"""Images: files, sizes, colours, boxes."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from optable.case import Case, Mistake, applied, raw
from optable.data import floats, ints

CLOSE: dict[str, Any] = {"ulp": 8, "atol": 1e-6, "grad_ulp": 16, "grad_atol": 2e-6}
IMAGE = floats(2, 5, 4, 3)
PIXELS = ints(2, 5, 4, 3, low=0, high=255, dtype=np.uint8)
COLOURS = floats(2, 4, 3, low=0.05, high=0.95)


def file(text: str) -> Any:
    array = np.empty((), object)
    array[()] = base64.b64decode(text)
    return array


PNG = file(
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAIAAADUVFKvAAAAO0lEQVR4nAEwAM//AF6BwdjO6g6iINbYgfe8DwLmNib0f74u2ulGF8Ab+RcB"
    "OgM6FtrxJ5wGWNTqcFhdT/IW/SfjPtwAAAAASUVORK5CYII="
)
GREY = file(
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAAAAAB+XZokAAAAG0lEQVR4nGOIu8F37TvLsy96bt+YvrVYb9YFAFQxCPHLI6/CAAAAAElFTkSu"
    "QmCC"
)
RGBA = file(
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAYAAABbNsX4AAAASklEQVR4nAE/AMD/AF6BwV7YzurYDqIgDtbYgdb3vA/3AuY2Jub0f770Ltrp"
    "LkYXwEYb+RcbAToDOjoW2vEWJ5wGJ1jU6lhwWF1wBjcdtnblofEAAAAASUVORK5CYII="
)
BMP = file(
    "Qk1mAAAAAAAAADYAAAAoAAAABQAAAAMAAAABABgAAAAAADAAAADEDgAAxA4AAAAAAAAAAAAAOgM6K91QMXl3G03PeKU/AOe3RKhNzAl8PEHv"
    "HCa1EgDBgV7qztggog6B2NYPvPcA"
)
GIF = file(
    "R0lGODdhBQADAIMAANjO6tbYgfe8D1DdK0S35xzvQRK1Jj+leF6BwXd5MTx8CQ6iIMxNqM9NGzoDOgAAACwAAAAABQADAAAIFAARAFgQQAAB"
    "BgoKGHAwIEGDAwEBADs="
)
JPEG = file(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8X"
    "GBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAAR"
    "CAAQABgDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEG"
    "E1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWG"
    "h4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEB"
    "AQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYk"
    "NOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0"
    "tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD4k8O/Cn7v7n9K9P8ADvwo+7+5/SvfPDvw"
    "p+7+5/SvTvD3wp+7+5/SuLB5ltqfJcLcffD754H4e+FH3f3P6UV9l+HvhT939z+lFfYUsy93c/qXLOPv9nXvn//Z"
)


def gradient_of(function: Any) -> Any:
    """Asks for a gradient that there is none of."""
    return lambda tf, x, *others: tf.gradients(function(tf, x, *others), [x])


# JPEG files may be decoded a few levels differently: TensorFlow takes a faster, less exact transform.
CASES, MISTAKES = [], []
HALF = {"half_pixel_centers": True}
for _op, _function, _variants in (
    ("ResizeBilinear", "resize_bilinear", (HALF,)),
    ("ResizeNearestNeighbor", "resize_nearest_neighbor", (HALF,)),
    ("ResizeBicubic", "resize_bicubic", (HALF,)),
    ("ResizeArea", "resize_area", ()),
):
    _resize = f"image.{_function}"
    _grad: dict[str, Any] = {} if _op == "ResizeArea" else {"grad": (0,), "order": 0}
    for _name, _keywords in {
        "plain": {},
        "aligned": {"align_corners": True},
        **({"half": HALF} if _variants else {}),
    }.items():
        CASES += [
            Case(_op, f"larger_{_name}", applied(_resize, [7, 9], **_keywords), (IMAGE,), **_grad, **CLOSE),
            Case(_op, f"smaller_{_name}", applied(_resize, [2, 3], **_keywords), (IMAGE,), **_grad, **CLOSE),
            Case(_op, f"one_{_name}", applied(_resize, [1, 6], **_keywords), (IMAGE,), **_grad, **CLOSE),
        ]
    CASES += [
        Case(_op, "bytes", applied(_resize, [7, 9]), (PIXELS,), ulp=32, atol=1e-6),
        Case(_op, "size_fed", applied(_resize), (IMAGE, np.array([3, 7], np.int32)), **_grad, **CLOSE),
    ]
    MISTAKES += [
        Mistake(_op, "rank", applied(_resize, [3, 4]), (floats(5, 4, 3),)),
        Mistake(_op, "nothing", applied(_resize, [0, 4]), (IMAGE,)),
    ]
MISTAKES.append(
    Mistake("ResizeArea", "gradient", gradient_of(lambda tf, x: tf.image.resize_area(x, [3, 7])), (IMAGE,))
)
for _op, _original in (("ResizeBilinear", IMAGE), ("ResizeBicubic", IMAGE)):

    def _back(tf: Any, dy: Any, x: Any, op: str = _op) -> Any:
        return raw(tf, f"{op}Grad", dy, x, align_corners=True)

    _stops: dict[str, Any] = {"grad": (0,), "order": 0} if _op == "ResizeBilinear" else {}
    CASES.append(Case(f"{_op}Grad", "aligned", _back, (floats(2, 7, 9, 3), _original), **_stops, **CLOSE))
    MISTAKES.append(Mistake(f"{_op}Grad", "rank", _back, (floats(7, 9, 3), _original)))
    if not _stops:
        MISTAKES.append(
            Mistake(f"{_op}Grad", "gradient", gradient_of(_back), (floats(2, 7, 9, 3), _original))
        )


def _nearest_back(tf: Any, dy: Any) -> Any:
    return raw(tf, "ResizeNearestNeighborGrad", dy, [5, 4], align_corners=True)


CASES.append(Case("ResizeNearestNeighborGrad", "aligned", _nearest_back, (floats(2, 7, 9, 3),), **CLOSE))
MISTAKES += [
    Mistake("ResizeNearestNeighborGrad", "rank", _nearest_back, (floats(7, 9, 3),)),
    Mistake("ResizeNearestNeighborGrad", "gradient", gradient_of(_nearest_back), (floats(2, 7, 9, 3),)),
]

# ----- colours -----

for _op, _function, _arguments in (
    ("RGBToHSV", "rgb_to_hsv", ()),
    ("HSVToRGB", "hsv_to_rgb", ()),
    ("AdjustHue", "adjust_hue", (0.3,)),
    ("AdjustSaturation", "adjust_saturation", (0.4,)),
    ("AdjustContrastv2", "adjust_contrast", (1.7,)),
):
    _build = applied(f"image.{_function}", *_arguments)
    _stops = {"grad": (0,), "order": 0} if _op == "HSVToRGB" else {}
    CASES += [Case(_op, "floats", _build, (COLOURS,), **_stops, **CLOSE)]
    if _arguments:
        CASES += [
            Case(_op, "bytes", _build, (PIXELS[0],), atol=1),
            Case(_op, "batch", _build, (floats(2, 5, 4, 3, low=0.05, high=0.95),), **CLOSE),
            Case(_op, "less", applied(f"image.{_function}", 0.2), (COLOURS,), **CLOSE),
        ]
        MISTAKES.append(
            Mistake(_op, "gradient", gradient_of(lambda tf, x, build=_build: build(tf, x)), (COLOURS,))
        )
    MISTAKES.append(Mistake(_op, "rank" if _arguments else "channels", _build, (floats(5, 2),)))
CASES += [
    Case(
        "RGBToHSV",
        "greys",
        applied("image.rgb_to_hsv"),
        (np.array([[0, 0, 0], [0.5, 0.5, 0.5]], "f"),),
        **CLOSE,
    ),
    Case(
        "RGBToHSV",
        "float64",
        applied("image.rgb_to_hsv"),
        (floats(4, 3, low=0.1, high=0.9, dtype="d"),),
        ulp=64,
    ),
]

# ----- boxes -----

BOXES = np.array([[0.1, 0.2, 0.9, 0.8], [-0.2, 0.3, 0.6, 1.2], [0.8, 0.9, 0.2, 0.1]], "f")
WHICH = np.array([1, 0, 1], np.int32)


def crop(size: Any, **options: Any) -> Any:
    return lambda tf, image, boxes: tf.image.crop_and_resize(image, boxes, WHICH, size, **options)


def crop_back(tf: Any, dy: Any, boxes: Any) -> Any:
    attrs = {"T": tf.float32, "method": "bilinear"}
    return raw(tf, "CropAndResizeGradImage", dy, boxes, WHICH, [2, 5, 4, 3], **attrs)


DRAWN = np.array(
    [
        [[0.1, 0.2, 0.9, 0.8], [0.0, 0.0, 1.0, 1.0], [0.6, 0.1, 0.2, 0.3]],
        [[-0.3, 0.4, 0.7, 1.2], [0.5, 0.5, 0.4, 0.6], [0.3, 0.3, 0.3, 0.3]],
    ],
    "f",
)
CORNERS = np.array(
    [[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, -0.1, 1, 0.9], [0, 10, 1, 11], [1, 11.1, 0, 10.1], [0, 100, 1, 101]],
    "f",
)
SCORES = np.array([0.9, 0.75, 0.6, 0.95, 0.5, 0.3], "f")


def suppress(**options: Any) -> Any:
    return lambda tf, boxes, scores: tf.image.non_max_suppression(boxes, scores, 3, **options)


CASES += [
    Case("CropAndResize", "bilinear", crop([4, 7]), (IMAGE, BOXES), grad=(0,), order=0, **CLOSE),
    Case(
        "CropAndResize",
        "nearest",
        crop([4, 7], method="nearest"),
        (IMAGE, BOXES),
        grad=(0,),
        order=0,
        **CLOSE,
    ),
    Case("CropAndResize", "outside", crop([4, 7], extrapolation_value=9.0), (IMAGE, BOXES), **CLOSE),
    Case("CropAndResize", "one", crop([1, 1]), (IMAGE, BOXES), **CLOSE),
    Case("CropAndResize", "bytes", crop([3, 2]), (PIXELS, BOXES), **CLOSE),
    Case("CropAndResizeGradImage", "boxes", crop_back, (floats(3, 2, 6, 3), BOXES), **CLOSE),
    Case(
        "DrawBoundingBoxes",
        "colours",
        applied("image.draw_bounding_boxes"),
        (floats(2, 9, 7, 3), DRAWN),
        grad=(0,),
        order=0,
    ),
    Case("DrawBoundingBoxes", "grey", applied("image.draw_bounding_boxes"), (floats(2, 9, 7, 1), DRAWN)),
    Case("NonMaxSuppressionV3", "boxes", suppress(), (CORNERS, SCORES), grad=(0, 1), order=0),
    Case("NonMaxSuppressionV3", "loose", suppress(iou_threshold=0.99), (CORNERS, SCORES)),
    Case("NonMaxSuppressionV3", "good", suppress(score_threshold=0.7), (CORNERS, SCORES)),
]
MISTAKES += [
    Mistake("CropAndResize", "rank", crop([4, 7]), (floats(5, 4, 3), BOXES)),
    Mistake("CropAndResizeGradImage", "rank", crop_back, (floats(2, 6, 3), BOXES)),
    Mistake("CropAndResizeGradImage", "gradient", gradient_of(crop_back), (floats(3, 2, 6, 3), BOXES)),
    Mistake("DrawBoundingBoxes", "rank", applied("image.draw_bounding_boxes"), (floats(9, 7, 3), DRAWN)),
    Mistake("NonMaxSuppressionV3", "rank", suppress(), (SCORES, SCORES)),
    Mistake("NonMaxSuppressionV3", "threshold", suppress(iou_threshold=1.5), (CORNERS, SCORES)),
]

# ----- files -----

CASES += [
    Case("DecodePng", "colours", applied("image.decode_png"), (PNG,)),
    Case("DecodePng", "as_grey", applied("image.decode_png", channels=1), (PNG,)),
    Case("DecodePng", "grey", applied("image.decode_png"), (GREY,)),
    Case("DecodePng", "grey_as_colours", applied("image.decode_png", channels=3), (GREY,)),
    Case("DecodePng", "transparent", applied("image.decode_png"), (RGBA,)),
    Case("DecodePng", "without_transparency", applied("image.decode_png", channels=3), (RGBA,)),
    Case("DecodePng", "wide", lambda tf, x: tf.image.decode_png(x, dtype=tf.uint16), (PNG,)),
    Case("DecodeBmp", "colours", applied("image.decode_bmp"), (BMP,)),
    Case("DecodeGif", "colours", applied("image.decode_gif"), (GIF,)),
    Case("DecodeJpeg", "colours", lambda tf, x: tf.to_float(tf.image.decode_jpeg(x)), (JPEG,), atol=3.5),
    Case(
        "DecodeJpeg",
        "three",
        lambda tf, x: tf.to_float(tf.image.decode_jpeg(x, channels=3)),
        (JPEG,),
        atol=3.5,
    ),
    Case(
        "DecodeJpeg",
        "grey",
        lambda tf, x: tf.to_float(tf.image.decode_jpeg(x, channels=1)),
        (JPEG,),
        atol=3.5,
    ),
    Case("ExtractJpegShape", "shape", applied("image.extract_jpeg_shape"), (JPEG,)),
    Case("DecodeImage", "png", applied("image.decode_image"), (PNG,)),
    Case("DecodeImage", "gif", applied("image.decode_image"), (GIF,)),
    Case("DecodeImage", "bmp", applied("image.decode_image"), (BMP,)),
    Case("DecodeImage", "floats", lambda tf, x: tf.image.decode_image(x, dtype=tf.float32), (PNG,), ulp=1),
    Case(
        "EncodePng",
        "there_and_back",
        lambda tf, x: tf.image.decode_png(tf.image.encode_png(x)),
        (ints(3, 4, 2, low=0, high=255, dtype=np.uint8)[..., :1].repeat(3, -1),),
    ),
    Case(
        "EncodeJpeg",
        "there_and_back",
        lambda tf, x: tf.to_float(tf.image.decode_jpeg(tf.image.encode_jpeg(x))),
        (np.arange(96, dtype=np.uint8).reshape(8, 12, 1),),
        atol=5,
    ),
]
for _op, _function in (
    ("DecodePng", "decode_png"),
    ("DecodeBmp", "decode_bmp"),
    ("DecodeGif", "decode_gif"),
    ("DecodeJpeg", "decode_jpeg"),
    ("ExtractJpegShape", "extract_jpeg_shape"),
    ("DecodeImage", "decode_image"),
):
    MISTAKES.append(Mistake(_op, "rank", applied(f"image.{_function}"), (np.array([b"a", b"b"], object),)))
MISTAKES += [
    Mistake("EncodePng", "rank", applied("image.encode_png"), (ints(3, 4, low=0, dtype=np.uint8),)),
    Mistake("EncodeJpeg", "rank", applied("image.encode_jpeg"), (ints(3, 4, low=0, dtype=np.uint8),)),
]
