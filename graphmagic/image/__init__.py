"""Images: files, sizes, colours, boxes, comparisons (TensorFlow's ``tf.image``)."""

from graphmagic.image.adjusting import (
    adjust_brightness,
    adjust_contrast,
    adjust_gamma,
    adjust_hue,
    adjust_saturation,
    convert_image_dtype,
    grayscale_to_rgb,
    per_image_standardization,
    random_brightness,
    random_contrast,
    random_hue,
    random_saturation,
    rgb_to_grayscale,
)
from graphmagic.image.boxes import crop_and_resize, draw_bounding_boxes, non_max_suppression
from graphmagic.image.colours import hsv_to_rgb, rgb_to_hsv
from graphmagic.image.files import (
    decode_and_crop_jpeg,
    decode_bmp,
    decode_gif,
    decode_image,
    decode_jpeg,
    decode_png,
    encode_jpeg,
    encode_png,
    extract_jpeg_shape,
    is_jpeg,
)
from graphmagic.image.geometry import (
    ResizeMethod,
    central_crop,
    crop_to_bounding_box,
    pad_to_bounding_box,
    resize_image_with_crop_or_pad,
    resize_image_with_pad,
    resize_images,
)
from graphmagic.image.geometry import resize_image_with_crop_or_pad as resize_with_crop_or_pad
from graphmagic.image.geometry import resize_images as resize
from graphmagic.image.measures import image_gradients, psnr, ssim, total_variation
from graphmagic.image.resizing import resize_area, resize_bicubic, resize_bilinear, resize_nearest_neighbor
from graphmagic.image.sampling import sample_distorted_bounding_box
from graphmagic.image.turning import (
    flip_left_right,
    flip_up_down,
    random_flip_left_right,
    random_flip_up_down,
    rot90,
    transpose_image,
)
from graphmagic.image.turning import transpose_image as transpose
from graphmagic.names import namespace as _namespace
from graphmagic.ops.random_choice import random_crop

__all__ = [
    "ResizeMethod",
    "adjust_brightness",
    "adjust_contrast",
    "adjust_gamma",
    "adjust_hue",
    "adjust_saturation",
    "central_crop",
    "convert_image_dtype",
    "crop_and_resize",
    "crop_to_bounding_box",
    "decode_and_crop_jpeg",
    "decode_bmp",
    "decode_gif",
    "decode_image",
    "decode_jpeg",
    "decode_png",
    "draw_bounding_boxes",
    "encode_jpeg",
    "encode_png",
    "extract_jpeg_shape",
    "flip_left_right",
    "flip_up_down",
    "grayscale_to_rgb",
    "hsv_to_rgb",
    "image_gradients",
    "is_jpeg",
    "non_max_suppression",
    "pad_to_bounding_box",
    "per_image_standardization",
    "psnr",
    "random_brightness",
    "random_contrast",
    "random_crop",
    "random_flip_left_right",
    "random_flip_up_down",
    "random_hue",
    "random_saturation",
    "resize",
    "resize_area",
    "resize_bicubic",
    "resize_bilinear",
    "resize_image_with_crop_or_pad",
    "resize_image_with_pad",
    "resize_images",
    "resize_nearest_neighbor",
    "resize_with_crop_or_pad",
    "rgb_to_grayscale",
    "rgb_to_hsv",
    "rot90",
    "sample_distorted_bounding_box",
    "ssim",
    "total_variation",
    "transpose",
    "transpose_image",
]

__getattr__, __dir__ = _namespace(__name__)
