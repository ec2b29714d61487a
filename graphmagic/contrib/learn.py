"""The few names of ``tf.contrib.learn`` that programs use without its estimators."""

__all__ = ["ModeKeys"]


class ModeKeys:
    """What a model function is called for."""

    TRAIN = "train"
    EVAL = "eval"
    INFER = "infer"
