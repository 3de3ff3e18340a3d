using Microsoft.Data.Sqlite;
using Streams.Testing;
using Xunit;

namespace Streams.Silo.Tests.Storage;

/// <summary>The store does not grow for ever.</summary>
public sealed class ForgettingTests : IDisposable
{
    private const int Most = 10;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Streams_that_were_offline_for_longest_are_forgotten_with_all_that_was_saved_of_them_but_not_an_operators_stop()
    {
        string file = _folder.File("streams.db");
        await StoringSilo.With(file, Act, new() { ["Streams:Catalog:MaxOffline"] = $"{Most}" });
        Assert.Equal(["held", .. Enumerable.Range(15, Most).Select(NameOf)], StoredStreams(file));
    }

    private static async Task Act(IGrainFactory grains)
    {
        await ComeAndGo(grains, "held");
        await grains.GetGrain<IStreamGrain>("held").Command(StreamCommand.Stop, CallOrigin.Unknown);
        for (int i = 0; i < 25; i++)
        {
            await ComeAndGo(grains, NameOf(i));
        }

        IStreamIndexGrain index = grains.GetGrain<IStreamIndexGrain>(IStreamIndexGrain.Key);
        StreamListPage left = await Eventually.Get(() => index.List(new StreamListQuery()), static page => page.Total <= Most + 1, "the oldest forgotten");
        Assert.Contains(left.Items, static entry => entry.StreamId.Value == "held");
        Assert.False(await index.Exists(StreamId.Parse(NameOf(0))));
        Assert.Null(await index.GetHistory(StreamId.Parse(NameOf(0))));
        Assert.NotNull(await grains.GetGrain<IStreamGrain>(NameOf(24)).GetStatus());

        // Its grain lives on for a while, and has saved more than there is now: it begins anew.
        await ComeAndGo(grains, NameOf(0), "again");
        Assert.True(await index.Exists(StreamId.Parse(NameOf(0))));
        Assert.True((await grains.GetGrain<IStreamGrain>(NameOf(0)).Drop()).Status is not null);
    }

    private static string NameOf(int number) => $"s{number:00}";

    /// <summary>Makes a stream known without a worker: its output comes and goes.</summary>
    private static async Task ComeAndGo(IGrainFactory grains, string id, string? source = null)
    {
        foreach (SourceEventKind kind in new[] { SourceEventKind.Ready, SourceEventKind.NotReady })
        {
            await grains.GetGrain<IStreamGrain>(id).Receive(new SourceEvent
            {
                EventId = Guid.NewGuid(),
                Kind = kind,
                Path = new StreamPath(StreamId.Parse(id), PathRole.Output),
                Source = new MediaSource("rtmpConn", source ?? id),
                OccurredAt = TimeProvider.System.GetUtcNow(),
            });
        }
    }

    private static string[] StoredStreams(string file)
    {
        using SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT stream_id FROM streams UNION SELECT stream_id FROM history";
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> ids = [];
        while (reader.Read())
        {
            ids.Add(reader.GetString(0));
        }

        return [.. ids.Order(StringComparer.Ordinal)];
    }
}
