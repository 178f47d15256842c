package dev.getorcreate.proof.readme;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.proof.readme.Users.User;
import dev.getorcreate.spring.AfterCommit;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class UserService {

    private final JdbcClient database;
    private final GetOrCreateCache<String, User> users;

    UserService(JdbcClient database, GetOrCreateCache<String, User> users) {
        this.database = database;
        this.users = users;
    }

    @Transactional
    public void renumber(String email, UUID id) {
        database.sql("UPDATE users SET id = ? WHERE email = ?")
                .params(id, email)
                .update();
        AfterCommit.invalidate(users, email);
    }
}
