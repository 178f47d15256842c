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

    /** Up to this number, somebody was told that this process reads nothing older from now on; 0 if nobody was. */
    private long owedUpTo;

    /** Of a whole cache: those before it were carried out, up to this number. */
    private long doneUpTo;

    Pending(long number, long beganAt, boolean callers) {
        this.number = number;
        this.beganAt = beganAt;
        this.callers = callers;
    }

    /** It stands for this one too, which may be under way. */
    void takeOver(Pending before) {
        owedUpTo = before.owedUpTo;
        doneUpTo = before.doneUpTo;
    }

    /** Whoever made the one with this number, which it stands for, goes without a confirmation. */
    void owe(long upTo) {
        owedUpTo = Math.max(owedUpTo, upTo);
    }

    boolean isOwed() {
        return owedUpTo > doneUpTo;
    }

    /** Those before it were carried out up to this one, as its answer says. */
    void done(long earlier) {
        doneUpTo = Math.max(doneUpTo, earlier);
    }

    boolean isDone(long earlier) {
        return doneUpTo >= earlier;
    }

    /** The DEL that went out last was, and nobody else may have taken over from who answered it. */
    boolean isAnswered() {
        Link over = answeredOver;
        return over != null && over == sentOver && !over.isLost();
    }

    /** A second DEL behind the first could remove somebody's new claim. */
    boolean isUnderWay(Link link) {
        return callers || isSent(link);
    }

    boolean isUnderWay(Link link, Generation generation) {
        return callers || isSent(link, generation);
    }

    boolean isSent(Link link) {
        Link last = sentOver;
        return last != null && (last == link || sentBy == link) && !last.isLost();
    }

    boolean isSent(Link link, Generation generation) {
        return isSent(link) && sentUnder != null && sentUnder.isSameAs(generation);
    }

    /**
     * Over one link, a change of the generation is told before what was done after it. Over others, time tells.
     *
     * @param told whether the cache is told of changes: a closed one is not, and has to ask
     */
    boolean isProven(Generation generation, Link over, boolean told) {
        boolean toldOver = told && over == generation.from() && !over.isUntracked();
        boolean toldLately = told && generation.provenAt() >= beganAt;
        return toldOver || toldLately || isProvenByAsking(generation);
    }

    /** Its DEL went out under this generation, which was asked for after it began. */
    boolean isProvenByAsking(Generation generation) {
        Generation under = sentUnder;
        return under != null && under.isSameAs(generation) && generation.askedAt() >= beganAt;
    }
}
