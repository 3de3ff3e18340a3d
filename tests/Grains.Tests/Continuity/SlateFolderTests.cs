using Microsoft.Extensions.Options;
using Streams.Grains.Continuity;
using Streams.Grains.Continuity.Slates;
using Xunit;

namespace Streams.Grains.Tests;

public sealed class SlateFolderTests : IDisposable
{
    private static readonly SlateTracks Tracks = new(new SlateVideo(320, 180, "Main"), new SlateAudio(48_000, 2));
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"streams-slates-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_slate_is_made_once_and_nothing_unfinished_is_left()
    {
        SlateFolder slates = Folder();
        string[] files = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => slates.Find(Tracks)));
        string file = Assert.Single(files.Distinct());
        Assert.Equal(Path.Combine(_folder, "streams-slate-1-h264-320x180-main-aac-48000-2.mp4"), file);
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task One_that_another_silo_has_made_is_used_as_it_is()
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, Tracks.FileName), "there", TestContext.Current.CancellationToken);
        Assert.Equal("there", await File.ReadAllTextAsync(await Folder().Find(Tracks), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task One_that_another_silo_finished_meanwhile_is_not_replaced()
    {
        Directory.CreateDirectory(_folder);
        string unfinished = Path.Combine(_folder, "unfinished.tmp");
        string file = Path.Combine(_folder, Tracks.FileName);
        await File.WriteAllTextAsync(unfinished, "ours", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, "theirs", TestContext.Current.CancellationToken);

        SlateFolder.Place(unfinished, file);

        Assert.Equal("theirs", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task One_that_somebody_deleted_is_made_again()
    {
        SlateFolder slates = Folder();
        File.Delete(await slates.Find(Tracks));
        Assert.True(File.Exists(await slates.Find(Tracks)));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named_and_tried_again()
    {
        await File.WriteAllTextAsync(_folder, "no folder", TestContext.Current.CancellationToken);
        SlateFolder slates = Folder();
        SlateException refused = await Assert.ThrowsAsync<SlateException>(() => slates.Find(Tracks));
        Assert.Contains("Streams:Continuity:SlateFolder", refused.Message, StringComparison.Ordinal);
        File.Delete(_folder);
        Assert.True(File.Exists(await slates.Find(Tracks)));
    }

    private SlateFolder Folder() => new(new SlateMaker(TimeProvider.System), Options.Create(new ContinuityOptions { SlateFolder = _folder }));
}
