package dev.getorcreate.proof.engine;

import dev.getorcreate.spi.LocalStore;
import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.spi.TimeSource;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;

/** Another tier's stores, for a test that does something around their methods. */
record RelayedTier(LocalTier real, Around around) implements LocalTier {

    interface Real {
        Object invoke() throws Throwable;
    }

    interface Around {
        Object call(String method, Real real) throws Throwable;
    }

    @Override
    public Duration expireAfterWrite() {
        return real.expireAfterWrite();
    }

    @Override
    @SuppressWarnings("unchecked") // it is what it stands before
    public <K, V> LocalStore<K, V> open(String cache, TimeSource source) {
        LocalStore<K, V> store = real.open(cache, source);
        InvocationHandler handler =
                (proxy, method, args) -> around.call(method.getName(), () -> method.invoke(store, args));
        return (LocalStore<K, V>)
                Proxy.newProxyInstance(LocalStore.class.getClassLoader(), new Class<?>[] {LocalStore.class}, handler);
    }
}
