package dev.getorcreate.jdbc;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** A row of {@link FrameworksContract}, as an entity. */
@Entity
@Table(name = "framework_people")
class Person {

    @Id
    private long id;

    private @Nullable String email;
    private @Nullable String name;

    Person() {}

    Person(long id, @Nullable String email, @Nullable String name) {
        this.id = id;
        this.email = email;
        this.name = name;
    }

    long id() {
        return id;
    }

    @Nullable
    String email() {
        return email;
    }

    @Nullable
    String name() {
        return name;
    }
}
