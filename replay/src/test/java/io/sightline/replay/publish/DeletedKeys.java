package io.sightline.replay.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/**
 * Which keys were asked to be deleted, in order. The SDK finds it by a file on the class path (AWS
 * SDK for Java 2.x, {@code ExecutionInterceptor}).
 */
public final class DeletedKeys implements ExecutionInterceptor {

  private static final List<String> KEYS = new CopyOnWriteArrayList<>();

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    if (context.request() instanceof DeleteObjectsRequest request) {
      request.delete().objects().stream().map(ObjectIdentifier::key).forEach(KEYS::add);
    }
  }

  /** Those since the last call. */
  static List<String> take() {
    List<String> taken = new ArrayList<>(KEYS);
    KEYS.clear();
    return taken;
  }
}
