"""Images as programs change them: what the tests run, and what was recorded from TensorFlow."""

import numpy as np

IMAGE = (np.arange(60).reshape(5, 4, 3) * 37 % 101 / 101).astype(np.float32)
BATCH = (np.arange(120).reshape(2, 5, 4, 3) * 37 % 113 / 113).astype(np.float32)
PIXELS = (np.arange(60).reshape(5, 4, 3) * 37 % 251).astype(np.uint8)
LARGE = (np.arange(2 * 12 * 13 * 3).reshape(2, 12, 13, 3) * 37 % 997 / 997).astype(np.float32)

CASES = {
    "resize": lambda tf, x: tf.image.resize_images(x, [7, 9]),
    "resize nearest": lambda tf, x: tf.image.resize_images(x, [7, 9], tf.image.ResizeMethod.NEAREST_NEIGHBOR),
    "resize bicubic": lambda tf, x: tf.image.resize_images(x, [3, 9], method=2, align_corners=True),
    "resize area": lambda tf, x: tf.image.resize_images(x, [3, 2], method=3),
    "resize keeps form": lambda tf, x: tf.image.resize_images(x, [10, 10], preserve_aspect_ratio=True),
    "resize same": lambda tf, x: tf.image.resize_images(x, [5, 4]),
    "crop or pad": lambda tf, x: tf.image.resize_image_with_crop_or_pad(x, 3, 9),
    "crop or pad more": lambda tf, x: tf.image.resize_image_with_crop_or_pad(x, 8, 3),
    "resize and pad": lambda tf, x: tf.image.resize_image_with_pad(x, 12, 12),
    "central crop": lambda tf, x: tf.image.central_crop(x, 0.5),
    "crop": lambda tf, x: tf.image.crop_to_bounding_box(x, 1, 2, 3, 2),
    "pad": lambda tf, x: tf.image.pad_to_bounding_box(x, 1, 2, 8, 7),
    "left right": lambda tf, x: tf.image.flip_left_right(x),
    "up down": lambda tf, x: tf.image.flip_up_down(x),
    "turn": lambda tf, x: tf.image.rot90(x),
    "turn back": lambda tf, x: tf.image.rot90(x, k=3),
    "transpose": lambda tf, x: tf.image.transpose_image(x),
    "standard": lambda tf, x: tf.image.per_image_standardization(x),
    "brighter": lambda tf, x: tf.image.adjust_brightness(x, 0.1),
    "contrast": lambda tf, x: tf.image.adjust_contrast(x, 1.5),
    "hue": lambda tf, x: tf.image.adjust_hue(x, 0.2),
    "saturation": lambda tf, x: tf.image.adjust_saturation(x, 0.5),
    "gamma": lambda tf, x: tf.image.adjust_gamma(x, 2.0, 0.5),
    "grey": lambda tf, x: tf.image.rgb_to_grayscale(x),
    "grey to colours": lambda tf, x: tf.image.grayscale_to_rgb(x[..., :1]),
    "to floats": lambda tf, x: tf.image.convert_image_dtype(x, tf.float32),
    "to bytes": lambda tf, x: tf.image.convert_image_dtype(x, tf.uint8, saturate=True),
    "to short": lambda tf, x: tf.image.convert_image_dtype(x, tf.uint16),
}
ONLY_BATCH = {
    "total variation": lambda tf, x: tf.image.total_variation(x),
    "down": lambda tf, x: tf.image.image_gradients(x)[0],
    "along": lambda tf, x: tf.image.image_gradients(x)[1],
    "psnr": lambda tf, x: tf.image.psnr(x, x * 0.9, 1.0),
    "ssim": lambda tf, x: tf.image.ssim(x, x * 0.9 + 0.02, 1.0),
}
INPUTS = {"image": IMAGE, "pixels": PIXELS, "batch": BATCH}


def all_cases():
    for name, build in CASES.items():
        for kind, array in INPUTS.items():
            yield f"{name}, {kind}", build, array
    for name, build in ONLY_BATCH.items():
        yield name, build, LARGE


def answer(tf, build, array):
    """The value, its type and shape, and the name of the result."""
    with tf.Graph().as_default(), tf.Session() as sess:
        result = build(tf, tf.constant(array, name="x"))
        value = sess.run(result)
        return {
            "name": result.name,
            "dtype": str(value.dtype),
            "shape": list(value.shape),
            "static": result.shape.as_list(),
            "values": [round(float(v), 6) for v in value.ravel()],
        }
