using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Streams.Silo.Storage;
using Streams.Silo.Storage.Postgres;
using Streams.Testing;
using Xunit;

namespace Streams.Silo.Tests.Storage.Postgres;

/// <summary>The keys of browser sessions that silos share.</summary>
public sealed class PostgresSessionKeysTests(SharedPostgres shared) : IAsyncLifetime
{
    private readonly List<ServiceProvider> _silos = [];
    private string _connection = "";

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await (await shared.Server).CreateDatabase();
        await using NpgsqlConnection connection = new(_connection);
        await connection.OpenAsync(Ended);
        await PostgresSchema.Migrate(connection, "here", Ended);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProvider silo in _silos)
        {
            await silo.DisposeAsync();
        }
    }

    [Fact]
    public async Task Silos_that_start_together_make_one_key_and_read_what_the_others_protect()
    {
        IDataProtector[] silos = [.. Enumerable.Range(0, 6).Select(_ => NewSilo())];
        string[] texts = await Task.WhenAll(silos.Select((silo, number) => Task.Run(() => silo.Protect($"session {number}"), Ended)));

        Assert.Single(Open().GetAllElements());
        Assert.All(silos, silo => Assert.Equal(["session 0", "session 1", "session 2", "session 3", "session 4", "session 5"], texts.Select(silo.Unprotect)));
    }

    [Fact]
    public async Task A_key_that_comes_long_after_the_last_is_stored()
    {
        NewSilo().Protect("a first key");
        await Sql("UPDATE session_keys SET stored_at = stored_at - interval '2 hours'");

        _silos[0].GetRequiredService<IKeyManager>().CreateNewKey(DateTimeOffset.UnixEpoch.AddYears(80), DateTimeOffset.UnixEpoch.AddYears(81));

        Assert.Equal(2, Open().GetAllElements().Count);
    }

    [Fact]
    public async Task A_revocation_is_stored_beside_a_new_key()
    {
        IDataProtector silo = NewSilo();
        string text = silo.Protect("a session");

        _silos[0].GetRequiredService<IKeyManager>().RevokeAllKeys(DateTimeOffset.UnixEpoch.AddYears(200), "a lost database");

        Assert.Equal(["key", "revocation"], Open().GetAllElements().Select(static element => element.Name.LocalName));
        await Sql("UPDATE session_keys SET stored_at = stored_at - interval '2 hours'");
        Assert.ThrowsAny<Exception>(() => NewSilo().Unprotect(text));
    }

    private PostgresSessionKeys Open() => _silos[0].GetRequiredService<PostgresSessionKeys>();

    private IDataProtector NewSilo()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Options.Create(new StoreOptions { Kind = StoreKind.Postgres, ConnectionString = _connection }));
        services.AddSingleton<PostgresSessionKeys>();
        services.AddDataProtection().SetApplicationName("streams");
        services.AddOptions<KeyManagementOptions>().Configure<PostgresSessionKeys>(static (management, keys) => management.XmlRepository = keys);
        _silos.Add(services.BuildServiceProvider());
        return _silos[^1].GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
    }

    private async Task Sql(string sql)
    {
        await using NpgsqlConnection connection = new(_connection);
        await connection.OpenAsync(Ended);
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(Ended);
    }
}
