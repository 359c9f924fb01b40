/** The analyzer {@code onnx}: object detectors as ONNX files. */
package io.sightline.analyzer.onnx;
