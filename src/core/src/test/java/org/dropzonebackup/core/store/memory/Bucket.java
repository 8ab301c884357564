package org.dropzonebackup.core.store.memory;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * An object store in memory: objects under keys, each put whole, put on conditions, and listed by prefix. Nothing is appended to
 * or renamed. Safe for threads.
 */
final class Bucket {

    private final ConcurrentNavigableMap<String, Item> items = new ConcurrentSkipListMap<>();

    /** An object; it equals only itself, as an entity tag does. */
    static final class Item {

        private final Object value;
        private final Instant stored = Instant.now();

        Item(final Object value) {
            this.value = value;
        }

        <T> T as(final Class<T> type) {
            return type.cast(value);
        }

        Instant stored() {
            return stored;
        }
    }

    Item get(final String key) {
        return items.get(key);
    }

    /** {@code If-None-Match: *}. */
    boolean putIfAbsent(final String key, final Item item) {
        return items.putIfAbsent(key, item) == null;
    }

    /** {@code If-Match}. */
    boolean replace(final String key, final Item expected, final Item item) {
        return items.replace(key, expected, item);
    }

    /** {@code If-Match} of a deletion. */
    boolean delete(final String key, final Item expected) {
        return items.remove(key, expected);
    }

    void put(final String key, final Object value) throws IOException {
        items.put(key, new Item(value));
    }

    void delete(final String key) {
        items.remove(key);
    }

    void deleteAll(final String prefix) {
        list(prefix).forEach(items::remove);
    }

    List<String> list(final String prefix) {
        return items.subMap(prefix, prefix + Character.MAX_VALUE).keySet().stream().toList();
    }
}
