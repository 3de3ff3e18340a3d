namespace Streams;

/// <summary>User and password of MediaMTX's Control API, metrics and playback: the part of section <c>Streams:Media</c> that the API reads too.</summary>
public class ControlApiOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Media";

    /// <summary>User of the Control API. Default <c>admin</c>.</summary>
    public string ApiUser { get; set; } = "admin";

    /// <summary>Password of the Control API. Default <c>admin</c>, for development on one machine.</summary>
    public string ApiPassword { get; set; } = "admin";
}
