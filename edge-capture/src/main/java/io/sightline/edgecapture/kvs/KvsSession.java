package io.sightline.edgecapture.kvs;

/**
 * Where a session is read.
 *
 * @param url whoever has it sees the video; never printed
 */
record KvsSession(String url) {

  /** A text from elsewhere, without the secret. */
  String withoutSecret(String text) {
    int question = url.indexOf('?');
    String query = question < 0 ? url : url.substring(question + 1);
    String clean = text.replace(url, "***").replace(query, "***");
    for (String part : query.split("&")) {
      String value = part.substring(part.indexOf('=') + 1);
      clean = value.isEmpty() ? clean : clean.replace(value, "***");
    }
    return clean;
  }

  @Override
  public String toString() {
    return "KvsSession[***]";
  }
}
