package io.sightline.edgecapture.mjpeg;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HeaderElement;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.message.BasicHeaderValueParser;
import org.apache.hc.core5.http.message.ParserCursor;

/** What a camera answered, its body still to be read. Closing it gives the connection back. */
final class CameraAnswer implements AutoCloseable {

  private final ClassicHttpResponse response;
  private final HeaderElement type;

  CameraAnswer(ClassicHttpResponse response) {
    this.response = response;
    String header = header(HttpHeaders.CONTENT_TYPE);
    HeaderElement[] elements =
        header == null
            ? new HeaderElement[0]
            : BasicHeaderValueParser.INSTANCE.parseElements(
                header, new ParserCursor(0, header.length()));
    this.type = elements.length == 0 ? null : elements[0];
  }

  /** Whether it has the same picture as before. */
  boolean unchanged() {
    return response.getCode() == HttpStatus.SC_NOT_MODIFIED;
  }

  boolean isMultipart() {
    return mediaType().startsWith("multipart/");
  }

  boolean isJpeg() {
    return mediaType().matches("image/(jpeg|jpg|pjpeg)");
  }

  /** In lower case, without parameters; empty when it does not say. */
  String mediaType() {
    return type == null || type.getName() == null
        ? ""
        : type.getName().strip().toLowerCase(Locale.ROOT);
  }

  /** Null when there is none. */
  String boundary() {
    NameValuePair boundary = type == null ? null : type.getParameterByName("boundary");
    String value = boundary == null ? null : boundary.getValue();
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** Null when there is none. */
  String header(String name) {
    Header header = response.getFirstHeader(name);
    return header == null ? null : header.getValue();
  }

  InputStream body() throws IOException {
    HttpEntity entity = response.getEntity();
    return entity == null ? InputStream.nullInputStream() : entity.getContent();
  }

  @Override
  public void close() throws IOException {
    response.close();
  }
}
