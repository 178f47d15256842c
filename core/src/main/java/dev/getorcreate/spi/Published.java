package dev.getorcreate.spi;

/** What became of a record that was to be published. */
public enum Published {
    /** It stands in the shared store. */
    PUBLISHED,
    /** The claim was no longer there: somebody else may be creating, or have created. */
    REJECTED,
    /** It is larger than the shared store takes. Nothing was written, and the claim was released. */
    OVERSIZED
}
