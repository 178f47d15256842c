/** Spring's transactions, as a cache hears of them. */
@NullMarked
package dev.getorcreate.spring;

import org.jspecify.annotations.NullMarked;
