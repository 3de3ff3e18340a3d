using System.Collections.Immutable;
using CsCheck;
using Orleans.Storage;
using Xunit;

namespace Streams.Silo.Tests.Storage;

/// <summary>What every store of streams does. A class for each store derives from it.</summary>
public abstract class StreamStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>The store under test, empty at first.</summary>
    protected IStreamStore Store { get; private set; } = null!;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Store = await Create();

    public async ValueTask DisposeAsync()
    {
        await Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>An empty store.</summary>
    protected abstract Task<IStreamStore> Create();

    /// <summary>Closes the store, and opens what it has saved.</summary>
    protected abstract Task<IStreamStore> Reopen();

    /// <summary>Closes the store and removes what it has saved.</summary>
    protected abstract Task Close();

    /// <summary>Changes what is saved of a stream (state and time) by hand, beside the store.</summary>
    protected abstract Task Damage(StreamId id);

    /// <summary>Changes all history rows of a stream by hand, beside the store.</summary>
    protected abstract Task DamageHistory(StreamId id);

    [Fact]
    public async Task What_is_saved_is_read_as_it_was_also_after_a_restart()
    {
        StreamRow first = Row("cam-1", 1);
        StreamRow second = Row("cam-1", 2, StreamPhase.Running, 7, 3, true, true, "software") with { Json = """{"text":"ä \u0000 ' \" \\ 🎥"}""" };
        second = second with { Checksum = RowChecksum.Of(second) };
        Assert.Null(await Store.Read(first.StreamId));
        await Store.Write(first);
        Assert.Equal(first, await Store.Read(first.StreamId));
        await Store.Write(second);
        Assert.Equal(second, await Store.Read(first.StreamId));

        Store = await Reopen();

        Assert.Equal(second, await Store.Read(first.StreamId));
        Assert.Equal([StreamStoreModel.Entry(second)], (await Store.List(new StreamListQuery(), Ended)).Items);
        Assert.Equal([new PhaseCount(StreamPhase.Running, 1)], await Store.Count("", Ended));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task Another_version_is_not_overwritten(long version)
    {
        StreamRow saved = Row("a", 2, StreamPhase.Running);
        await Store.Write(Row("a", 1));
        await Store.Write(saved);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Store.Write(Row("a", version, StreamPhase.Failed)));
        Assert.Equal(saved, await Store.Read(saved.StreamId));
        Assert.Equal([new PhaseCount(StreamPhase.Running, 1)], await Store.Count("", Ended));
    }

    [Fact]
    public async Task A_later_version_of_what_is_not_saved_is_refused()
    {
        await Assert.ThrowsAsync<InconsistentStateException>(() => Store.Write(Row("a", 2)));
        Assert.Null(await Store.Read(StreamId.Parse("a")));
    }

    [Fact]
    public async Task Of_64_that_write_the_same_version_at_once_one_wins_each_time()
    {
        for (int version = 1; version <= 20; version++)
        {
            StreamRow[] rows = [.. Enumerable.Range(0, 64).Select(i => Row("contested", version, generation: i))];
            Exception?[] outcomes = await Task.WhenAll(rows.Select(row => Task.Run(() => Record.ExceptionAsync(() => Store.Write(row)).AsTask())));

            StreamRow winner = Assert.Single(rows.Zip(outcomes), static one => one.Second is null).First;
            Assert.All(outcomes.Where(static outcome => outcome is not null), static outcome => Assert.IsType<InconsistentStateException>(outcome));
            Assert.Equal(winner, await Store.Read(winner.StreamId));
        }
    }

    [Fact]
    public async Task A_conflict_among_many_writes_spoils_no_other()
    {
        await Store.Write(Row("s250", 1));
        Task[] writes = [.. Enumerable.Range(0, 500).Select(i => Store.Write(Row($"s{i}", 1)))];
        await Assert.ThrowsAsync<InconsistentStateException>(() => writes[250]);
        await Task.WhenAll(writes.Where((_, i) => i != 250));
        Assert.Equal([new PhaseCount(StreamPhase.Offline, 500)], await Store.Count("", Ended));
    }

    [Fact]
    public async Task Writes_of_one_stream_that_were_ordered_at_once_take_effect_in_order()
    {
        Task[] writes = [.. Enumerable.Range(1, 300).Select(version => Store.Write(Row("a", version)))];
        await Task.WhenAll(writes);
        Assert.Equal(300, (await Store.Read(StreamId.Parse("a")))!.Version);
    }

    [Fact]
    public async Task A_dropped_stream_is_gone_with_its_history_and_may_begin_anew()
    {
        StreamId id = StreamId.Parse("a");
        await Store.Write(Row("a", 1, StreamPhase.Running));
        await Store.AppendHistory([Entry(id, 1)]);
        Assert.True(await Store.Drop(id));
        Assert.Null(await Store.Read(id));
        Assert.Empty(await Store.ReadHistory(id, Ended));
        Assert.Empty(await Store.Count("", Ended));
        Assert.False(await Store.Drop(id));
        await Store.Write(Row("a", 1));
        Assert.Empty(await Store.ReadHistory(id, Ended));
    }

    [Fact]
    public async Task An_empty_store_has_empty_answers()
    {
        Assert.Equal((0L, 0), await Sizes(new StreamListQuery()));
        Assert.Equal((0L, 0), await Sizes(new StreamListQuery { Search = "a", Sort = StreamSort.Since, IsDescending = true }));
        Assert.Empty(await Store.Count("", Ended));
        Assert.Empty(await Store.Count("a", Ended));
        Assert.Empty(await Store.ListActive(Ended));
        Assert.Equal(0, await Store.Forget(0, Ended));
        Assert.Empty(await Store.ReadHistory(StreamId.Parse("a"), Ended));
        await Store.AppendHistory([]);
        await Store.Check(Ended);
    }

    [Fact]
    public async Task Ids_are_sorted_by_their_characters_codes()
    {
        string[] sorted = ["-", "0", "9", "A", "AB", "Z", "_", "a", "a-b", "a_b", "aa", "z"];
        foreach (string id in sorted.Reverse())
        {
            await Store.Write(Row(id, 1));
        }

        StreamListPage page = await Store.List(new StreamListQuery(), Ended);
        Assert.Equal(sorted, page.Items.Select(static entry => entry.StreamId.Value));
        Assert.Equal(sorted.Order(StringComparer.Ordinal), sorted);
    }

    [Theory]
    [InlineData("cam", 3)]
    [InlineData("CAM", 3)]
    [InlineData("_", 1)]
    [InlineData("-", 1)]
    [InlineData("m_1", 1)]
    [InlineData("%", 0)]
    [InlineData("cam%", 0)]
    [InlineData("a b", 0)]
    [InlineData("cam'; DROP TABLE streams; --", 0)]
    [InlineData(@"\", 0)]
    [InlineData("ä", 0)]
    [InlineData("\0", 0)]
    public async Task A_search_finds_what_has_it_whatever_its_case(string search, int found)
    {
        foreach (string id in (string[])["cam_1", "Cam-1", "webCAM1", "other"])
        {
            await Store.Write(Row(id, 1));
        }

        Assert.Equal(found, (await Store.List(new StreamListQuery { Search = search }, Ended)).Total);
        Assert.Equal(found, (await Store.Count(search, Ended)).Sum(static count => count.Streams));
    }

    [Fact]
    public async Task A_search_longer_than_an_id_finds_nothing()
    {
        await Store.Write(Row(new string('a', 64), 1));
        Assert.Equal((1L, 1), await Sizes(new StreamListQuery { Search = new string('A', 64) }));
        Assert.Equal((0L, 0), await Sizes(new StreamListQuery { Search = new string('a', 65) }));
    }

    [Theory]
    [InlineData(StreamSort.Id, false)]
    [InlineData(StreamSort.Id, true)]
    [InlineData(StreamSort.Since, false)]
    [InlineData(StreamSort.Phase, true)]
    [InlineData(StreamSort.Generation, false)]
    public async Task Pages_one_after_the_other_have_every_stream_once(StreamSort sort, bool isDescending)
    {
        await Task.WhenAll(Enumerable.Range(0, 57).Select(i => Store.Write(Row($"s{i}", 1, (StreamPhase)(i % 3), i % 5, i % 2))));
        StreamListQuery query = new() { Sort = sort, IsDescending = isDescending };
        StreamListPage whole = await Store.List(query, Ended);
        List<StreamEntry> paged = [];
        for (int skip = 0; skip < 70; skip += 10)
        {
            StreamListPage page = await Store.List(query with { Skip = skip, Take = 10 }, Ended);
            Assert.Equal(57, page.Total);
            paged.AddRange(page.Items);
        }

        Assert.Equal(57, paged.Distinct().Count());
        Assert.Equal(whole.Items, paged);
        Assert.Equal((57L, 0), await Sizes(query with { Take = 0 }));
        Assert.Equal((57L, 0), await Sizes(query with { Skip = 57 }));
        Assert.Equal((57L, 0), await Sizes(query with { Skip = long.MaxValue }));
        Assert.Equal((57L, 57), await Sizes(query with { Take = int.MaxValue }));
    }

    /// <summary>Few ids, times and generations, so that many are alike.</summary>
    [Fact]
    public async Task It_answers_as_a_plain_list_in_memory_does()
    {
        await GenSteps.SampleAsync(
            async steps =>
            {
                foreach (StreamEntry left in (await Store.List(new StreamListQuery(), Ended)).Items)
                {
                    Assert.True(await Store.Drop(left.StreamId));
                }

                StreamStoreModel model = new();
                foreach (Step step in steps)
                {
                    await Take(step, model);
                }
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public async Task The_oldest_offline_streams_are_forgotten_with_their_histories()
    {
        for (int i = 0; i < 10; i++)
        {
            StreamRow row = Row($"s{i}", 1, i == 0 ? StreamPhase.Failed : StreamPhase.Offline, since: i, isLive: i == 1, isKept: i == 2);
            await Store.Write(row);
            await Store.AppendHistory([Entry(row.StreamId, i)]);
        }

        Assert.Equal(0, await Store.Forget(7, Ended));
        Assert.Equal(5, await Store.Forget(2, Ended));
        Assert.Equal(["s0", "s1", "s2", "s8", "s9"], (await Store.List(new StreamListQuery(), Ended)).Items.Select(static entry => entry.StreamId.Value));
        Assert.Empty(await Store.ReadHistory(StreamId.Parse("s3"), Ended));
        Assert.Single(await Store.ReadHistory(StreamId.Parse("s8"), Ended));
        Assert.Equal(0, await Store.Forget(2, Ended));
        Assert.Equal(2, await Store.Forget(0, Ended));
        Assert.Equal([new PhaseCount(StreamPhase.Offline, 2), new PhaseCount(StreamPhase.Failed, 1)], await Store.Count("", Ended));
    }

    [Fact]
    public async Task Much_is_forgotten_in_parts()
    {
        await Task.WhenAll(Enumerable.Range(0, 2_500).Select(i => Store.Write(Row($"s{i:0000}", 1, since: i))));
        int parts = 0;
        for (int forgotten = 0; forgotten < 2_490; parts++)
        {
            int part = await Store.Forget(10, Ended);
            Assert.InRange(part, 1, 2_490);
            forgotten += part;
        }

        Assert.InRange(parts, 2, 100);
        Assert.Equal(Enumerable.Range(2_490, 10).Select(static i => $"s{i:0000}"), (await Store.List(new StreamListQuery(), Ended)).Items.Select(static entry => entry.StreamId.Value));
    }

    [Fact]
    public async Task A_history_keeps_the_last_of_each_kind_oldest_first()
    {
        StreamId id = StreamId.Parse("a");
        StreamId other = StreamId.Parse("b");
        await Store.Write(Row("a", 1));
        await Store.Write(Row("b", 1));
        List<HistoryRow> all = [];
        for (int part = 0; part < 40; part++)
        {
            // One run among ten entries, in parts of several sizes.
            HistoryRow[] rows = [.. Enumerable.Range(0, 1 + (part % 10)).Select(i => i == 3 ? Run(id, part, i) : Entry(id, (part * 100) + i))];
            all.AddRange(rows);
            await Store.AppendHistory([.. rows, Entry(other, part)]);
            Assert.Equal(Kept(all), await Store.ReadHistory(id, Ended));
        }

        Assert.Contains(Kept(all), static row => row.Kind == HistoryKind.Run);
        Assert.True(all.Count > HistoryRow.MaxRows(HistoryKind.Entry) + HistoryRow.MaxRows(HistoryKind.Run));
        Store = await Reopen();
        Assert.Equal(Kept(all), await Store.ReadHistory(id, Ended));
        Assert.Equal(40, (await Store.ReadHistory(other, Ended)).Length);
    }

    [Fact]
    public async Task Histories_of_streams_that_are_not_saved_are_left_out()
    {
        await Store.Write(Row("a", 1));
        await Store.AppendHistory([Entry(StreamId.Parse("b"), 1), Entry(StreamId.Parse("a"), 2), Entry(StreamId.Parse("c"), 3)]);
        Assert.Empty(await Store.ReadHistory(StreamId.Parse("b"), Ended));
        Assert.Single(await Store.ReadHistory(StreamId.Parse("a"), Ended));
    }

    [Fact]
    public async Task A_damaged_row_is_its_streams_problem_alone()
    {
        StreamId damaged = StreamId.Parse("b");
        foreach (string id in (string[])["a", "b", "c"])
        {
            await Store.Write(StreamRows.Of(StreamId.Parse(id), 1, new StreamState { Since = Start }));
            await Store.AppendHistory([HistoryRows.Of(StreamId.Parse(id), new RunRecord { Generation = 1, Exit = "0", Reason = "done", EndedAt = Start })]);
        }

        await Damage(damaged);
        await DamageHistory(damaged);

        StreamRow row = (await Store.Read(damaged))!;
        Assert.Throws<StreamDamagedException>(() => StreamRows.Read(row));
        Assert.Equal(1, HistoryRows.Read(await Store.ReadHistory(damaged, Ended)).DamagedRows);
        Assert.Equal(Start, StreamRows.Read((await Store.Read(StreamId.Parse("a")))!).Since);
        Assert.Equal(["a", "b", "c"], (await Store.List(new StreamListQuery { Sort = StreamSort.Id }, Ended)).Items.Select(static entry => entry.StreamId.Value));
        Assert.True(await Store.Drop(damaged));
        Assert.Equal((2L, 2), await Sizes(new StreamListQuery()));
    }

    [Fact]
    public async Task What_is_checked_can_be_checked_again()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Store.Check(Ended)));
        Store = await Reopen();
        await Store.Check(Ended);
    }

    /// <summary>A row that fits its checksum.</summary>
    protected static StreamRow Row(
        string id, long version, StreamPhase phase = StreamPhase.Offline, long since = 0, long generation = 0, bool isLive = false, bool isKept = false, string? profile = null)
    {
        StreamRow row = new()
        {
            StreamId = StreamId.Parse(id),
            Version = version,
            Phase = phase,
            SinceTicks = Start.UtcTicks + since,
            Generation = generation,
            IsLive = isLive,
            IsKept = isKept,
            Profile = profile,
            Node = generation % 3 == 0 ? null : $"media-{generation % 3}",
            Json = $$"""{"version":{{version}}}""",
            Checksum = 0,
        };
        return row with { Checksum = RowChecksum.Of(row) };
    }

    /// <summary>A history row of a number of its own.</summary>
    protected static HistoryRow Entry(StreamId id, int number) => Numbered(id, HistoryKind.Entry, number);

    private static HistoryRow Run(StreamId id, int part, int number) => Numbered(id, HistoryKind.Run, (part * 100) + number);

    private static HistoryRow Numbered(StreamId id, HistoryKind kind, int number)
    {
        HistoryRow row = new(id, kind, Start.UtcTicks + number, $$"""{"number":{{number}}}""", 0);
        return row with { Checksum = RowChecksum.Of(row) };
    }

    private static IEnumerable<HistoryRow> Kept(List<HistoryRow> all) =>
        all.Where(row => all.Where(other => other.Kind == row.Kind).Reverse().Take(HistoryRow.MaxRows(row.Kind)).Contains(row));

    private async Task<(long Total, int Items)> Sizes(StreamListQuery query)
    {
        StreamListPage page = await Store.List(query, Ended);
        return (page.Total, page.Items.Length);
    }

    private async Task Take(Step step, StreamStoreModel model)
    {
        switch (step)
        {
            case Save save:
                StreamRow row = save.Row(model.Read(save.StreamId));
                Exception? refused = await Record.ExceptionAsync(() => Store.Write(row));
                Assert.Equal(model.Write(row), refused is null);
                Assert.True(refused is null or InconsistentStateException, refused?.ToString());
                break;
            case Remove remove:
                Assert.Equal(model.Drop(remove.StreamId), await Store.Drop(remove.StreamId));
                break;
            case ForgetOld forget:
                Assert.Equal(model.Forget(forget.MaxOffline), await Store.Forget(forget.MaxOffline, Ended));
                break;
            case Ask ask:
                StreamListPage expected = model.List(ask.Query);
                StreamListPage page = await Store.List(ask.Query, Ended);
                Assert.Equal(expected.Total, page.Total);
                Assert.Equal(expected.Items, page.Items);
                Assert.Equal(model.Count(ask.Query.Search), await Store.Count(ask.Query.Search, Ended));
                Assert.Equal(model.ListActive(), await Store.ListActive(Ended));
                break;
        }
    }

    private abstract record Step;

    private sealed record Save(StreamId StreamId, long Jump, StreamPhase Phase, long Since, long Generation, bool IsLive, bool IsKept, string? Profile) : Step
    {
        public StreamRow Row(StreamRow? saved) =>
            StreamStoreTests.Row(StreamId.Value, (saved?.Version ?? 0) + Jump, Phase, Since, Generation, IsLive, IsKept, Profile);
    }

    private sealed record Remove(StreamId StreamId) : Step;

    private sealed record ForgetOld(int MaxOffline) : Step;

    private sealed record Ask(StreamListQuery Query) : Step;

    private static readonly Gen<StreamId> GenId =
        Gen.OneOf("a", "A", "ab", "B", "b_1", "b-1", "c", "Cam", "cam", "cam0", "z_", "-").Select(StreamId.Parse);

    private static readonly Gen<StreamPhase> GenPhase = Gen.Enum<StreamPhase>();

    private static readonly Gen<Step> GenSave =
        from id in GenId
        from jump in Gen.Frequency((9, Gen.Const(1L)), (1, Gen.Long[1, 3]))
        from phase in Gen.Frequency((1, Gen.Const(StreamPhase.Offline)), (1, GenPhase))
        from since in Gen.Long[0, 4]
        from generation in Gen.Long[0, 3]
        from flags in Gen.Select(Gen.Bool, Gen.Bool)
        from profile in Gen.OneOf<string?>(null, "copy", "software")
        select (Step)new Save(id, jump, phase, since, generation, flags.Item1, flags.Item2, profile);

    private static readonly Gen<Step> GenAsk =
        from phases in GenPhase.Array[0, 3]
        from search in Gen.Frequency((2, Gen.Const("")), (1, Gen.OneOf("a", "CA", "cam", "_", "-1", "%", "b", "q")))
        from isActive in Gen.OneOf<bool?>(null, true, false)
        from sort in Gen.Enum<StreamSort>()
        from isDescending in Gen.Bool
        from skip in Gen.Long[0, 13]
        from take in Gen.Int[0, 13]
        select (Step)new Ask(new StreamListQuery
        {
            Phases = [.. phases],
            Search = search,
            IsActive = isActive,
            Sort = sort,
            IsDescending = isDescending,
            Skip = skip,
            Take = take,
        });

    private static readonly Gen<Step[]> GenSteps = Gen.Frequency(
        (10, GenSave),
        (1, GenId.Select(static id => (Step)new Remove(id))),
        (1, Gen.Int[0, 5].Select(static most => (Step)new ForgetOld(most))),
        (8, GenAsk)).Array[1, 60];
}
