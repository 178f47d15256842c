package dev.getorcreate.bench;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts how often a client sends: commands that leave together count once. For a caller that waits for each answer that
 * is the number of its round trips.
 */
final class WireCounter implements NettyCustomizer {

    private final AtomicLong sent = new AtomicLong();

    long sent() {
        return sent.get();
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
        channel.pipeline().addFirst(new Counting());
    }

    /** Next to the socket. */
    private final class Counting extends ChannelOutboundHandlerAdapter {

        private boolean written;

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            written = true;
            var unused = context.write(message, promise);
        }

        @Override
        public void flush(ChannelHandlerContext context) {
            if (written) {
                written = false;
                sent.incrementAndGet();
            }
            var unused = context.flush();
        }
    }
}
