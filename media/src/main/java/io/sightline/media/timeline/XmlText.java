package io.sightline.media.timeline;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes an XML document with a line for each element, as people read and compare them. */
final class XmlText {

  private static final String INDENT = "  ";

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter xml;

  /** The open elements, each with whether something stands in it. */
  private final Deque<Boolean> open = new ArrayDeque<>();

  /**
   * @param root name of the document type
   */
  XmlText(String root) {
    try {
      // The platform's own: what else lies on a class path must not change our files.
      xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeDTD("<!DOCTYPE " + root + ">");
    } catch (XMLStreamException e) {
      throw unexpected(e);
    }
  }

  /**
   * Begins an element that others stand in.
   *
   * @param attributes name, value, name, value; those with a null value are left out
   */
  XmlText open(String name, Object... attributes) {
    try {
      line();
      xml.writeStartElement(name);
      attributes(attributes);
      open.push(false);
      return this;
    } catch (XMLStreamException e) {
      throw unexpected(e);
    }
  }

  /** Ends the element that was begun last. */
  XmlText close() {
    try {
      if (open.pop()) {
        newLine();
      }
      xml.writeEndElement();
      return this;
    } catch (XMLStreamException e) {
      throw unexpected(e);
    }
  }

  /** An element that holds text. */
  XmlText leaf(String name, Object value) {
    try {
      line();
      xml.writeStartElement(name);
      xml.writeCharacters(value.toString());
      xml.writeEndElement();
      return this;
    } catch (XMLStreamException e) {
      throw unexpected(e);
    }
  }

  /** An element that holds nothing; attributes as of {@link #open}. */
  XmlText empty(String name, Object... attributes) {
    try {
      line();
      xml.writeEmptyElement(name);
      attributes(attributes);
      return this;
    } catch (XMLStreamException e) {
      throw unexpected(e);
    }
  }

  /** The document, once all its elements are closed. */
  byte[] bytes() {
    try {
      xml.writeCharacters("\n");
      xml.writeEndDocument();
      xml.close();
      return text.toString().getBytes(StandardCharsets.UTF_8);
    } catch (XMLStreamException e) {
      throw unexpected(e);
    }
  }

  private void attributes(Object... attributes) throws XMLStreamException {
    for (int i = 0; i < attributes.length; i += 2) {
      if (attributes[i + 1] != null) {
        xml.writeAttribute(attributes[i].toString(), attributes[i + 1].toString());
      }
    }
  }

  private void line() throws XMLStreamException {
    if (!open.isEmpty()) {
      open.pop();
      open.push(true);
    }
    newLine();
  }

  private void newLine() throws XMLStreamException {
    xml.writeCharacters("\n" + INDENT.repeat(open.size()));
  }

  private static IllegalStateException unexpected(XMLStreamException e) {
    return new IllegalStateException("XML in memory cannot be written", e);
  }
}
