/** The API ({@code dev.getorcreate}) and the doors to the tiers ({@code dev.getorcreate.spi}). */
module dev.getorcreate.core {
    requires static transitive org.jspecify;

    exports dev.getorcreate;
    exports dev.getorcreate.spi;
}
