package dev.getorcreate.redis;

import org.jspecify.annotations.Nullable;

/** An invalidation that is not confirmed yet, and the link that its DEL is under way on. Guard: the invalidations. */
final class Pending {

    /** Tells a key's newest invalidation from those before it. */
    final long number;

    final long beganAt;

    @Nullable
    Link sentOver;

    /** Where it was sent first: a slot on its way has it sent on, and is still asked first. */
    @Nullable
    Link sentBy;

    /** Of the DEL that is under way; null for a whole cache. */
    @Nullable
    Generation sentUnder;

    /** Over which that DEL was answered, while its generation was the current one. */
    @Nullable
    Link answeredOver;

    /** Whoever invalidates is about to send it. */
    boolean callers;

    /** Somebody was told that this process reads nothing older from now on. */
    boolean owed;

    Pending(long number, long beganAt, boolean callers) {
        this.number = number;
        this.beganAt = beganAt;
        this.callers = callers;
    }

    /** A second DEL behind the first could remove somebody's new claim. */
    boolean isUnderWay(Link link) {
        return callers || isSent(link);
    }

    boolean isUnderWay(Link link, Generation generation) {
        return callers || isSent(link, generation);
    }

    private boolean isSent(Link link) {
        Link last = sentOver;
        return last != null && (last == link || sentBy == link) && !last.isLost();
    }

    boolean isSent(Link link, Generation generation) {
        return isSent(link) && sentUnder != null && sentUnder.isSameAs(generation);
    }

    /** Over one link, a change of the generation is told before what was done after it. Over others, time tells. */
    boolean isProven(Generation generation, Link over) {
        return (over == generation.from() && !over.isUntracked()) || generation.provenAt() >= beganAt;
    }

    /** Its DEL went out under this generation, which was asked for after it began. */
    boolean isProvenByAsking(Generation generation) {
        Generation under = sentUnder;
        return under != null && under.isSameAs(generation) && generation.askedAt() >= beganAt;
    }
}
