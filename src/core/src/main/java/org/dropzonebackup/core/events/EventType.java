package org.dropzonebackup.core.events;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dropzonebackup.core.journal.Event;

/** What receivers are told of. */
public enum EventType {

    FILE_STORED(Event.STORED, Event.FOUND), FILE_REMOVED(Event.REMOVED), FILE_DAMAGED(Event.DAMAGED),
    BACKUP_LATE(Event.LATE), BACKUP_DOWN(Event.DOWN), BACKUP_RECOVERED(Event.RECOVERED),
    SPACE_LOW(Event.SPACE_LOW), LOGIN_BLOCKED(Event.LOGIN_BLOCKED);

    private final Set<Event> entries;

    EventType(final Event... entries) {
        this.entries = Set.of(entries);
    }

    /** What an entry of the journal is to receivers; none if it is nothing. */
    static Optional<EventType> of(final Event entry) {
        return Arrays.stream(values()).filter(type -> type.entries.contains(entry)).findFirst();
    }

    /**
     * Reads types as people write them, separated by commas.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    public static Set<EventType> parse(final String text) {
        final Set<EventType> types = EnumSet.noneOf(EventType.class);
        for (final String name : text.split(",", -1)) {
            types.add(Arrays.stream(values()).filter(type -> type.toString().equals(name.strip())).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("'" + name.strip() + "' is not an event: they are "
                            + Arrays.stream(values()).map(EventType::toString).collect(Collectors.joining(", ")))));
        }
        return types;
    }

    /** As receivers know it: {@code file.stored}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
