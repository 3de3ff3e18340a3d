using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Streams.Grains.Continuity.Slates;

/// <summary>
/// The slates, each made once and kept as a file that the media server reads. Nothing is ever deleted: a media server whose slate is missing ends, with
/// all its streams. Safe for several threads, and for several silos that share the folder.
/// </summary>
internal sealed class SlateFolder(SlateMaker maker, IOptions<ContinuityOptions> options)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _files = new(StringComparer.Ordinal);

    /// <summary>The absolute path of a slate's file, which exists.</summary>
    /// <param name="tracks">Its tracks.</param>
    /// <param name="card">What it shows; null for the clear one.</param>
    /// <exception cref="SlateException">It could not be made or written; the next call tries again.</exception>
    public async Task<string> Find(SlateTracks tracks, Card? card = null)
    {
        string file = Path.Combine(Path.GetFullPath(options.Value.SlateFolder), tracks.FileNameOf(card));
        Lazy<Task<string>> made = _files.GetOrAdd(file, _ => new Lazy<Task<string>>(() => Make(tracks, card, file)));
        try
        {
            await made.Value;
            return File.Exists(file) ? file : await Make(tracks, card, file); // Somebody cleaned up.
        }
        catch
        {
            _files.TryRemove(new KeyValuePair<string, Lazy<Task<string>>>(file, made));
            throw;
        }
    }

    private async Task<string> Make(SlateTracks tracks, Card? card, string file)
    {
        if (File.Exists(file))
        {
            return file;
        }

        byte[] content = await maker.Make(tracks, card, CancellationToken.None);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            string unfinished = $"{file}.{Guid.NewGuid():N}.tmp";
            await File.WriteAllBytesAsync(unfinished, content);
            Place(unfinished, file);
            return file;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SlateException($"The slate {file} cannot be written: {failure.Message} Check the folder ({ContinuityOptions.Section}:{nameof(ContinuityOptions.SlateFolder)}).", failure);
        }
    }

    /// <summary>Gives a finished file its name, unless another silo was faster: a media server may read that one already, and ends when it is replaced on a network file system.</summary>
    internal static void Place(string unfinished, string file)
    {
        try
        {
            File.Move(unfinished, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(unfinished);
        }
    }
}
