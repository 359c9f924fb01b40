package io.sightline.launcher;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ctrl-C and SIGTERM: the first asks for a clean end, the second ends at once. A shutdown hook
 * could not tell them apart, because the virtual machine ignores signals once it shuts down; and
 * the class that can is reached by name, because it is no part of the platform's API.
 */
public final class Interrupts {

  private static final Logger LOG = LoggerFactory.getLogger(Interrupts.class);
  private static final int KILLED_BY_INTERRUPT = 130;

  private Interrupts() {}

  /**
   * @param first called at the first signal, on a thread of its own
   */
  public static void onFirst(Runnable first) {
    AtomicInteger count = new AtomicInteger();
    Runnable signalled =
        () -> {
          if (count.incrementAndGet() == 1) {
            new Thread(first, "sightline-interrupt").start();
          } else {
            Runtime.getRuntime().halt(KILLED_BY_INTERRUPT);
          }
        };
    for (String name : new String[] {"INT", "TERM"}) {
      try {
        handle(name, signalled);
      } catch (ReflectiveOperationException | IllegalArgumentException e) {
        LOG.debug("SIG{} cannot be handled here", name, e);
      }
    }
  }

  private static void handle(String name, Runnable signalled) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    InvocationHandler handling =
        (proxy, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
              case "hashCode" -> System.identityHashCode(proxy);
              case "equals" -> proxy == arguments[0];
              default -> "handler of SIG" + name;
            };
          }
          signalled.run();
          return null;
        };
    Object proxy =
        Proxy.newProxyInstance(
            Interrupts.class.getClassLoader(), new Class<?>[] {handler}, handling);
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
  }
}
