namespace Streams.Api.MediaMtxAuth;

/// <summary>With what MediaMTX's own servers (Control API, metrics, playback) are used; a part of section <c>Streams:Media</c>.</summary>
internal sealed class ControlApiOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Media";

    /// <summary>The user. Default <c>admin</c>.</summary>
    public string ApiUser { get; set; } = "admin";

    /// <summary>The password. Default <c>admin</c>, for development on one machine.</summary>
    public string ApiPassword { get; set; } = "admin";
}
