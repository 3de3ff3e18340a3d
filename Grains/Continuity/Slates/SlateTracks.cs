using System.Globalization;

namespace Streams.Grains.Continuity.Slates;

/// <summary>The tracks of a slate, video before audio: a publisher of the path must have exactly these.</summary>
/// <param name="Video">The H.264 track; null for sound alone.</param>
/// <param name="Audio">The AAC track; null for a picture alone.</param>
internal sealed record SlateTracks(SlateVideo? Video, SlateAudio? Audio)
{
    /// <summary>How the names of all slates begin, whoever made them: a path that shows one is ours.</summary>
    public const string NamePrefix = "streams-slate-";

    /// <summary>What stands before the card in the name of a file.</summary>
    public const string CardMark = "-card-";

    /// <summary>The name of the clear slate's file: one for each combination of tracks, and another whenever slates are made in another way.</summary>
    public string FileName => FileNameOf(null);

    /// <summary>The name of the file of a card's slate: another for each content of the card, so that none that is shown is ever changed.</summary>
    /// <param name="card">The card; null for the clear slate.</param>
    public string FileNameOf(Card? card) => string.Create(CultureInfo.InvariantCulture, $"{NamePrefix}1{NameOf(Video)}{NameOf(Audio)}{(card is null ? "" : CardMark + card.Hash)}.mp4");

    /// <summary>As users read it.</summary>
    public override string ToString() => string.Join(" and ", new[] { Video?.ToString(), Audio?.ToString() }.OfType<string>());

    private static string NameOf(SlateVideo? video) => video is null ? "" : string.Create(CultureInfo.InvariantCulture, $"-h264-{video.Width}x{video.Height}-{video.Profile.ToLowerInvariant().Replace(' ', '_')}");

    private static string NameOf(SlateAudio? audio) => audio is null ? "" : string.Create(CultureInfo.InvariantCulture, $"-aac-{audio.SampleRate}-{audio.Channels}");
}

/// <summary>An H.264 track.</summary>
/// <param name="Width">Of the picture, in pixels.</param>
/// <param name="Height">Of the picture, in pixels.</param>
/// <param name="Profile">By the name that MediaMTX gives it; one of <see cref="SlateMaker.Profiles"/>.</param>
internal sealed record SlateVideo(int Width, int Height, string Profile)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"H264 {Width}x{Height} {Profile}");
}

/// <summary>An AAC-LC track.</summary>
/// <param name="SampleRate">In Hz.</param>
/// <param name="Channels">How many.</param>
internal sealed record SlateAudio(int SampleRate, int Channels)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"AAC {SampleRate} Hz, {Channels} channels");
}
