package dev.getorcreate.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.Transaction;
import org.hibernate.cfg.Configuration;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.SQLErrorCodeSQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/** The ways in which people insert a row, each by the real library. */
enum Framework {
    PLAIN_JDBC {
        @Override
        void insert(DataSource dataSource, @Nullable String email, @Nullable String name) {
            try (Connection connection = dataSource.getConnection();
                    PreparedStatement insert = connection.prepareStatement(INSERT)) {
                bind(insert, email, name);
                insert.executeUpdate();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    },
    BATCH {
        @Override
        void insert(DataSource dataSource, @Nullable String email, @Nullable String name) {
            try (Connection connection = dataSource.getConnection();
                    PreparedStatement insert = connection.prepareStatement(INSERT)) {
                long other = newId();
                bind(insert, "other" + other, "other" + other);
                insert.addBatch();
                bind(insert, email, name);
                insert.addBatch();
                insert.executeBatch();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    },
    SPRING {
        @Override
        void insert(DataSource dataSource, @Nullable String email, @Nullable String name) {
            new JdbcTemplate(dataSource).update(INSERT, newId(), email, name);
        }
    },
    SPRING_BY_STATE {
        @Override
        void insert(DataSource dataSource, @Nullable String email, @Nullable String name) {
            JdbcTemplate template = new JdbcTemplate(dataSource);
            template.setExceptionTranslator(new SQLStateSQLExceptionTranslator());
            template.update(INSERT, newId(), email, name);
        }
    },
    SPRING_BY_CODE {
        @Override
        void insert(DataSource dataSource, @Nullable String email, @Nullable String name) {
            JdbcTemplate template = new JdbcTemplate(dataSource);
            template.setExceptionTranslator(new SQLErrorCodeSQLExceptionTranslator(dataSource));
            template.update(INSERT, newId(), email, name);
        }
    },
    HIBERNATE {
        @Override
        void insert(DataSource dataSource, @Nullable String email, @Nullable String name) {
            inSession(dataSource, session -> {
                session.persist(new Person(newId(), email, name));
                session.flush();
            });
        }
    },
    JPA_COMMIT {
        @Override
        void insert(DataSource dataSource, @Nullable String email, @Nullable String name) {
            inSession(dataSource, session -> session.persist(new Person(newId(), email, name)));
        }
    },
    JOOQ {
        @Override
        void insert(DataSource dataSource, @Nullable String email, @Nullable String name) {
            System.setProperty("org.jooq.no-logo", "true");
            System.setProperty("org.jooq.no-tips", "true");
            DSL.using(dataSource, SQLDialect.DEFAULT).execute(INSERT, newId(), email, name);
        }
    },
    MYBATIS {
        @Override
        void insert(DataSource dataSource, @Nullable String email, @Nullable String name) {
            var configuration = new org.apache.ibatis.session.Configuration(
                    new Environment("test", new JdbcTransactionFactory(), dataSource));
            configuration.setJdbcTypeForNull(org.apache.ibatis.type.JdbcType.VARCHAR);
            configuration.addMapper(People.class);
            try (SqlSession session =
                    new SqlSessionFactoryBuilder().build(configuration).openSession()) {
                session.getMapper(People.class).insert(newId(), email, name);
                session.commit();
            }
        }
    };

    private static final String INSERT = "INSERT INTO framework_people(id, email, name) VALUES (?, ?, ?)";

    /** Inserts and commits, or throws what the library throws. */
    abstract void insert(DataSource dataSource, @Nullable String email, @Nullable String name);

    private static long newId() {
        return System.nanoTime();
    }

    private static void bind(PreparedStatement insert, @Nullable String email, @Nullable String name)
            throws SQLException {
        insert.setLong(1, newId());
        insert.setString(2, email);
        insert.setString(3, name);
    }

    private static void inSession(DataSource dataSource, Consumer<Session> work) {
        Properties settings = new Properties();
        settings.put("hibernate.connection.datasource", dataSource);
        Configuration configuration = new Configuration().addAnnotatedClass(Person.class);
        configuration.setProperties(settings);
        try (SessionFactory factory = configuration.buildSessionFactory();
                Session session = factory.openSession()) {
            Transaction transaction = session.beginTransaction();
            try {
                work.accept(session);
                transaction.commit();
            } catch (RuntimeException e) {
                if (transaction.isActive()) {
                    transaction.rollback();
                }
                throw e;
            }
        }
    }

    /** A mapper of MyBatis. */
    interface People {
        @Insert("INSERT INTO framework_people(id, email, name) VALUES (#{id}, #{email}, #{name})")
        void insert(@Param("id") long id, @Param("email") @Nullable String email, @Param("name") @Nullable String name);
    }
}
