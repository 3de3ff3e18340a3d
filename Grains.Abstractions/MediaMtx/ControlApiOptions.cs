namespace Streams;

/// <summary>The media servers, and user and password of their Control APIs, metrics and playback: the part of section <c>Streams:Media</c> that the API reads too.</summary>
public class ControlApiOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Media";

    /// <summary>The media servers, 0 to 32. Default none: one called <c>default</c>, whose URLs are built from <c>Host</c> and the ports.</summary>
    public List<MediaNodeOptions> Nodes { get; set; } = [];

    /// <summary>User of the Control API. Default <c>admin</c>.</summary>
    public string ApiUser { get; set; } = "admin";

    /// <summary>Password of the Control API. Default <c>admin</c>, for development on one machine.</summary>
    public string ApiPassword { get; set; } = "admin";
}
