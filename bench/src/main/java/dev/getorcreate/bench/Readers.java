package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Three other processes that read; with ways of their own, or directly. */
final class Readers implements AutoCloseable {

    static final int COUNT = 3;

    private final List<ChildJvm> processes = new ArrayList<>();
    private final List<ReaderWay> ways = new ArrayList<>();

    Readers(Site site, boolean throughProxies) {
        try {
            for (int i = 0; i < COUNT; i++) {
                processes.add(ChildJvm.start(
                        "reader" + i,
                        List.of("-XX:+UseSerialGC"),
                        CoherenceReader.class,
                        site.topology(),
                        site.uris(),
                        throughProxies ? newWay(site).argument() : ReaderWay.DIRECT));
            }
            processes.forEach(process -> process.expect("ready", Duration.ofMinutes(1)));
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private ReaderWay newWay(Site site) {
        ReaderWay way = new ReaderWay(site);
        ways.add(way);
        return way;
    }

    List<ChildJvm> processes() {
        return processes;
    }

    ReaderWay way(int reader) {
        return ways.get(reader);
    }

    @Override
    public void close() {
        processes.forEach(ChildJvm::close);
        ways.forEach(ReaderWay::close);
    }
}
