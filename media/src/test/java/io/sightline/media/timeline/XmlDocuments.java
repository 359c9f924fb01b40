package io.sightline.media.timeline;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** XML as a tree, for the readers. */
final class XmlDocuments {

  private XmlDocuments() {}

  static Element root(byte[] xml) throws Exception {
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml))
        .getDocumentElement();
  }

  static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  /** Goes down through elements of which there must be exactly one. */
  static Element only(Element parent, String... path) {
    Element at = parent;
    for (String name : path) {
      List<Element> found = children(at, name);
      if (found.size() != 1) {
        throw new IllegalArgumentException(
            "Expected one " + name + " in " + at.getTagName() + ", found " + found.size());
      }
      at = found.get(0);
    }
    return at;
  }

  static String text(Element parent, String... path) {
    return only(parent, path).getTextContent();
  }
}
