namespace Streams.Grains.Workers;

/// <summary>
/// The bit stream filters with which ffmpeg publishes a copy to a kept output, whose readers have a timeline already: docs/continuity.md, "Time stamps". Values of placeholders.
/// </summary>
internal static class KeptFilters
{
    /// <summary>
    /// For video that is read by RTSP (90,000 units a second). ffmpeg puts the tracks of its input together anew at the first sender report, just after the first key frame; what
    /// follows that may then begin before it, and MediaMTX drops readers when pictures out of order do. So no picture is shown before
    /// <c>STARTPTS + c + 0.7 (PTS - P)</c>: P is when the picture after the key frame (in the order of decoding) is shown, and c the room that those between the two need,
    /// by how far pictures are sent ahead (PTS - DTS). Seven tenths of the distances keep an order from which MediaMTX can tell decoding times; what is late by it is on time again
    /// within half a second. Without a jump it hardly moves a picture. The filter holds each picture until the next one comes.
    /// </summary>
    public const string Video = @"setts=pts=if(eq(N\,0)\,st(1\,between(PTS-DTS\,1\,20000)*1.8*(PTS-DTS)));if(eq(N\,1)\,st(0\,PTS));if(N\,max(PTS\,STARTPTS+2+ld(1)-(ld(0)-PTS)*0.7)\,PTS):dts=max(DTS\,PREV_OUTDTS+1)";

    /// <summary>For sound: without its first 0.1 s, which may be older than what the former worker sent last; then two frames later, as the picture is by <see cref="Video"/>.</summary>
    public const string Audio = @"noise=drop=lt((pts-startpts)*tb\,0.1),setts,setts";
}
