"""The types that TensorFlow's operations take, in its order, where graphmagic's take others.

Written by ``tests/oracle/record_allowed_types.py``.
"""

from __future__ import annotations

__all__ = ["ALLOWED"]

# The types, and the attributes that may be these.
ALLOWED: dict[str, str] = {
    "bfloat16 float16 float32 float64 int8 int16 int32 int64": "Abs.T",
    "bfloat16 float16 float32 float64 complex64 complex128": (
        "Acos.T Acosh.T Asin.T Asinh.T Atan.T Atanh.T Cos.T Cosh.T "
        "Exp.T Expm1.T Log.T Log1p.T MulNoNan.T Rsqrt.T Sigmoid.T "
        "Sin.T Sinh.T Sqrt.T Tan.T Tanh.T"
    ),
    (
        "bfloat16 float16 float32 float64 uint8 uint16 uint32 uint64 "
        "int8 int16 int32 int64 complex64 complex128"
    ): "Add.T",
    (
        "float32 float64 int32 uint8 int16 int8 complex64 int64 qint8 "
        "quint8 qint32 bfloat16 qint16 quint16 uint16 complex128 "
        "float16 uint32 uint64 variant"
    ): "AddN.T",
    (
        "float32 float64 int32 uint8 int16 int8 complex64 int64 qint8 "
        "quint8 qint32 bfloat16 qint16 quint16 uint16 complex128 "
        "float16 uint32 uint64"
    ): (
        "ApplyAdadelta.T ApplyAdagrad.T ApplyAdagradDA.T ApplyAdam.T "
        "ApplyCenteredRMSProp.T ApplyFtrl.T ApplyFtrlV2.T "
        "ApplyGradientDescent.T ApplyMomentum.T "
        "ApplyProximalAdagrad.T ApplyProximalGradientDescent.T "
        "ApplyRMSProp.T AssignAdd.T AssignSub.T BiasAdd.T "
        "BiasAddGrad.T Cumprod.T Cumsum.T EuclideanNorm.T Mean.T "
        "Prod.T ScatterAdd.T ScatterDiv.T ScatterMul.T ScatterNdAdd.T "
        "ScatterNdSub.T ScatterSub.T SegmentMean.T SegmentProd.T "
        "SegmentSum.T SparseAdd.T SparseAddGrad.T "
        "SparseApplyAdadelta.T SparseApplyAdagrad.T "
        "SparseApplyAdagradDA.T SparseApplyCenteredRMSProp.T "
        "SparseApplyFtrl.T SparseApplyFtrlV2.T SparseApplyMomentum.T "
        "SparseApplyProximalAdagrad.T "
        "SparseApplyProximalGradientDescent.T SparseApplyRMSProp.T "
        "SparseDenseCwiseDiv.T SparseDenseCwiseMul.T "
        "SparseReduceSum.T SparseReduceSumSparse.T "
        "SparseSparseMinimum.T SparseTensorDenseAdd.T Sum.T "
        "UnsortedSegmentProd.T UnsortedSegmentSum.T"
    ),
    (
        "float32 float64 int32 uint8 int16 int8 int64 bfloat16 uint16 "
        "float16 uint32 uint64 qint8 quint8 qint32 qint16 quint16 "
        "bool"
    ): "ArgMax.T ArgMin.T",
    "int16 int32 int64": (
        "ArgMax.Tidx GatherNd.Tindices GatherV2.Tindices "
        "ScatterNd.Tindices StridedSlice.Index TopKV2.index_type "
        "UnsortedSegmentSum.Tindices"
    ),
    "int16 uint16 int32 int64": "ArgMax.output_type",
    (
        "float32 float64 int32 uint8 int16 int8 int64 bfloat16 uint16 "
        "float16 uint32 uint64 complex64 complex128 bool variant "
        "string"
    ): "AsString.T",
    "bfloat16 float16 float32 float64": (
        "Atan2.T BesselI0e.T BesselI1e.T Ceil.T CheckNumerics.T "
        "Digamma.T Erf.T Erfc.T Floor.T Igamma.T Igammac.T IsFinite.T "
        "IsInf.T IsNan.T Lgamma.T LinSpace.T Rint.T "
        "SparseSegmentMean.T SparseSegmentMeanWithNumSegments.T "
        "SparseSegmentSqrtN.T SparseSegmentSqrtNWithNumSegments.T"
    ),
    "float16 bfloat16 float32 float64": (
        "AvgPool.T AvgPool3D.T AvgPool3DGrad.T AvgPoolGrad.T "
        "Conv2DBackpropFilter.T Conv3D.T Conv3DBackpropFilterV2.T "
        "Conv3DBackpropInputV2.T DepthwiseConv2dNative.T "
        "DepthwiseConv2dNativeBackpropFilter.T "
        "DepthwiseConv2dNativeBackpropInput.T Elu.T EluGrad.T "
        "HSVToRGB.T L2Loss.T LeakyRelu.T LeakyReluGrad.T LogSoftmax.T "
        "RGBToHSV.T Selu.T SeluGrad.T Softmax.T "
        "SoftmaxCrossEntropyWithLogits.T Softplus.T SoftplusGrad.T "
        "Softsign.T SoftsignGrad.T "
        "SparseSoftmaxCrossEntropyWithLogits.T "
        "StatelessRandomNormal.dtype StatelessRandomUniform.dtype "
        "StatelessTruncatedNormal.dtype"
    ),
    (
        "bfloat16 float16 float32 float64 int16 int32 int64 uint8 uint16 uint32 uint64 complex64 complex128"
    ): "BatchMatMulV2.T",
    (
        "bfloat16 float16 float32 float64 int64 int32 uint8 uint16 "
        "uint32 uint64 int8 int16 complex64 complex128 qint8 quint8 "
        "qint16 quint16 qint32"
    ): "Bitcast.T",
    "float64 float32 float16 complex64 complex128": (
        "Cholesky.T Lu.T MatrixExponential.T MatrixInverse.T "
        "MatrixSolve.T MatrixSolveLs.T Qr.T SelfAdjointEigV2.T Svd.T"
    ),
    "float16 bfloat16 float32 float64 int32": "Conv2D.T Conv2DBackpropInput.T",
    "uint8 uint16 int8 int16 int32 int64 float16 float32 float64": "CropAndResize.T",
    "float32 float16 float64": "CropAndResizeGradImage.T",
    ("float32 float64 int32 uint8 int16 int8 int64 bfloat16 uint16 float16 uint32 uint64"): (
        "Cross.T Dilation2D.T Dilation2DBackpropFilter.T "
        "Dilation2DBackpropInput.T Greater.T GreaterEqual.T Less.T "
        "LessEqual.T MaxPool3DGradGrad.T MaxPoolGrad.T "
        "MaxPoolGradGrad.T MaxPoolWithArgmax.T Multinomial.T Relu6.T "
        "Relu6Grad.T ReluGrad.T SegmentMax.T SegmentMin.T "
        "SparseAdd.Treal SparseReduceMax.T SparseReduceMaxSparse.T "
        "SparseSegmentSum.T SparseSegmentSumWithNumSegments.T "
        "SparseSparseMaximum.T StatelessMultinomial.T TopKV2.T "
        "UnsortedSegmentMax.T UnsortedSegmentMin.T"
    ),
    (
        "float16 float32 float64 int32 uint16 uint8 int16 int8 int64 complex64 complex128 bool bfloat16"
    ): "DecodeRaw.out_type",
    (
        "bfloat16 float16 float32 float64 int32 int64 complex64 complex128"
    ): "Diag.T DiagPart.T SquaredDifference.T",
    "float16 float32 bfloat16 float64 complex64 complex128": "DivNoNan.T",
    (
        "bfloat16 float16 float32 float64 int8 int16 int32 int64 "
        "uint8 uint16 uint32 uint64 complex64 complex128 bool"
    ): "ExtractImagePatches.T",
    (
        "bfloat16 float16 float32 float64 uint8 int8 uint16 int16 "
        "int32 uint32 uint64 int64 complex64 complex128"
    ): "FloorDiv.T Mul.T RealDiv.T TruncateDiv.T",
    ("int8 int16 int32 int64 uint8 uint16 uint32 uint64 bfloat16 float16 float32 float64"): "FloorMod.T",
    "float16 bfloat16 float32": (
        "FusedBatchNormGradV3.T FusedBatchNormV3.T LRN.T LRNGrad.T MaxPool3D.T MaxPool3DGrad.T"
    ),
    "float32": "FusedBatchNormGradV3.U",
    "bfloat16 float32": "FusedBatchNormV3.U",
    "float16 float32 float64 complex64 complex128": "LogMatrixDeterminant.T MatrixDeterminant.T",
    (
        "bfloat16 float16 float32 float64 int32 int64 uint8 uint16 uint32 uint64 complex64 complex128"
    ): "MatMul.T",
    "bfloat16 float64 float32 float16 complex64 complex128": "MatrixTriangularSolve.T",
    (
        "float32 float64 int32 uint8 int16 int8 int64 bfloat16 uint16 "
        "float16 uint32 uint64 qint8 quint8 qint32 qint16 quint16"
    ): "Max.T Min.T",
    ("float16 bfloat16 float32 float64 int32 int64 uint8 int16 int8 uint16 qint8"): "MaxPool.T",
    (
        "bfloat16 float16 float32 float64 int8 uint8 int16 uint16 int32 uint32 int64 uint64"
    ): "Maximum.T Minimum.T",
    (
        "bfloat16 float16 float32 float64 int8 int16 int32 int64 complex64 complex128"
    ): "Neg.T Reciprocal.T Round.T Sign.T",
    ("bfloat16 float32 float16 float64 int8 int16 int32 int64 complex64 complex128"): "Pow.T",
    ("bfloat16 float16 float32 float64 int8 int16 int32 int64 uint16 uint32 uint64"): "Range.Tidx",
    ("float32 float64 int32 uint8 int16 int8 int64 bfloat16 uint16 float16 uint32 uint64 qint8"): "Relu.T",
    (
        "int8 uint8 int16 uint16 int32 int64 float16 float32 float64 bfloat16"
    ): "ResizeArea.T ResizeBicubic.T ResizeNearestNeighbor.T",
    "float32 float64": "ResizeBicubicGrad.T",
    ("int8 uint8 int16 uint16 int32 int64 bfloat16 float16 float32 float64 bfloat16"): "ResizeBilinear.T",
    "float32 bfloat16 float16 float64": "ResizeBilinearGrad.T",
    "uint8 int8 int32 float16 float32 float64 bfloat16": "ResizeNearestNeighborGrad.T",
    "float16 bfloat16 float32 float64 int32 int64": "ScatterMax.T ScatterMin.T",
    "int8 int32 int64": "SplitV.Tlen",
    (
        "bfloat16 float16 float32 float64 int8 int16 int32 int64 "
        "uint8 uint16 uint32 uint64 complex64 complex128"
    ): "Square.T",
    "float32 float64 int32 int64 uint32 uint64": "StringToNumber.out_type",
    (
        "bfloat16 float16 float32 float64 uint8 int8 uint16 int16 "
        "int32 int64 complex64 complex128 uint32 uint64"
    ): "Sub.T",
    "int16 int32 int64 uint16": "TensorScatterUpdate.Tindices",
    "int32 int64 bfloat16 float16 float32 float64": "TruncateMod.T",
    (
        "float32 float64 int32 uint8 int16 int8 complex64 int64 qint8 "
        "quint8 qint32 bfloat16 qint16 quint16 uint16 complex128 "
        "float16 uint32 uint64 bool"
    ): "Where.T",
    "float16 bfloat16 float32 float64 complex64 complex128": "Xdivy.T Xlogy.T",
}
