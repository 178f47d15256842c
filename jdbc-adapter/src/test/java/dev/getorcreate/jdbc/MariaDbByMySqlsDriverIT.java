package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mysql.cj.jdbc.MysqlDataSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** MariaDB, by MySQL's driver, which calls it MySQL. */
@Tag("matrix")
class MariaDbByMySqlsDriverIT extends MariaDbArbiterIT {

    @Override
    DataSource dataSource() {
        MysqlDataSource dataSource = new MysqlDataSource();
        dataSource.setUrl(MariaDb.server().jdbcUrl().replace("jdbc:mariadb:", "jdbc:mysql:"));
        return dataSource;
    }

    /** That of MySQL is known to newer ones too, and to no other. */
    @Test
    void aColumnThatFoldsKeysIsAdvisedACollationThatMariaDbHas() throws Exception {
        Sql.run(dataSource, "ALTER TABLE " + table + " MODIFY " + foldingText("key"));
        try (CapturedLog log = new CapturedLog()) {
            builder().build();
            assertTrue(log.text().contains("utf8mb4_nopad_bin"), log::text);
            Sql.run(dataSource, log.text().substring(log.text().indexOf("ALTER TABLE")));
            log.clear();
            builder().build();
            assertEquals("", log.text());
        }
    }

    /** As MySQL's. */
    @Override
    String timedOut() {
        return "whether it took effect";
    }
}
