using Npgsql;
using Streams.Silo.Storage.Postgres;
using Xunit;

namespace Streams.Silo.Tests.Storage.Postgres;

public sealed class PostgresErrorsTests
{
    [Theory]
    [InlineData("53100", "has no space left on its disk")]
    [InlineData("53300", "has no connection left")]
    [InlineData("25006", "is read-only")]
    [InlineData("57P01", "is shutting down")]
    [InlineData("57P03", "is starting up")]
    [InlineData("42501", "no permission")]
    [InlineData("55P03", "locked for somebody else")]
    [InlineData("XX001", "has damaged data")]
    [InlineData("XX002", "has damaged data")]
    [InlineData("57014", "was too slow")]
    [InlineData("58030", "cannot read or write its files")]
    [InlineData("23514", "refuses it")]
    public void The_servers_reason_is_told_in_words_with_its_own_message_and_code(string state, string words)
    {
        StoreUnavailableException told = PostgresErrors.Unavailable(new PostgresException("its own words", "ERROR", "ERROR", state), "db:5432/streams");
        Assert.Contains(words, told.Message, StringComparison.Ordinal);
        Assert.StartsWith("PostgreSQL at db:5432/streams ", told.Message, StringComparison.Ordinal);
        Assert.EndsWith($": its own words (SQLSTATE {state})", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("23514", true, false)]
    [InlineData("22021", true, false)]
    [InlineData("40P01", true, false)]
    [InlineData("55P03", true, false)]
    [InlineData("XX001", true, false)]
    [InlineData("53100", false, false)]
    [InlineData("25006", false, true)]
    [InlineData("57P01", false, true)]
    [InlineData("08006", false, true)]
    [InlineData("42501", false, false)]
    public void Only_what_may_concern_one_statement_is_tried_one_by_one(string state, bool isOfOne, bool endsConnection)
    {
        PostgresException failure = new("", "ERROR", "ERROR", state);
        Assert.Equal(isOfOne, PostgresErrors.IsStatementError(failure));
        Assert.Equal(endsConnection, PostgresErrors.BreaksConnection(failure));
    }

    [Fact]
    public void A_silent_server_is_called_so()
    {
        foreach (Exception silent in (Exception[])[new TimeoutException(), new NpgsqlException("", new TimeoutException())])
        {
            Assert.Contains("has not answered for 5 s", PostgresErrors.Describe(silent, "db"), StringComparison.Ordinal);
        }
    }
}
