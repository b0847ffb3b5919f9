namespace TrackWatch.Worker.Notifying.Evidence.Pages;

/// <summary>
/// The look of the record on paper and on screens: black on white, nothing that tells by colour alone, margins that suit A4
/// and Letter.
/// </summary>
public static class PrintSheet
{
    public const string Style = """
        <style>
        @page{margin:16mm 15mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt sans-serif}}
        *{box-sizing:border-box}
        html{background:#fff;color:#000;-webkit-text-size-adjust:100%}
        body{max-width:190mm;margin:0 auto;font:10pt/1.4 "Helvetica Neue",Helvetica,Arial,"Liberation Sans","DejaVu Sans",sans-serif}
        header{border-bottom:2px solid #000;margin-bottom:4mm}
        h1{font-size:19pt;line-height:1.2;margin:0 0 1mm}
        h2{font-size:12.5pt;line-height:1.25;margin:7mm 0 2mm;break-after:avoid}
        p{margin:0 0 2.5mm}
        p:has(+table){break-after:avoid}
        .as-of{font-weight:bold}
        .about,.note,.quote,figcaption{color:#333}
        .about{font-size:9pt}
        .short{border:1px solid #000;padding:3mm 4mm;break-inside:avoid}
        .short h2{margin-top:0}
        ul{margin:0;padding-inline-start:5mm}
        table{width:100%;border-collapse:collapse;margin:0 0 3mm;table-layout:fixed}
        thead{display:table-header-group}
        th{text-align:start;font-size:8.5pt;border-bottom:1.2px solid #000;padding:1mm 2mm 1mm 0;vertical-align:bottom}
        td{border-bottom:.5px solid #999;padding:1.2mm 2mm 1.2mm 0;vertical-align:top;font-size:9pt;overflow-wrap:anywhere}
        tr,.small{break-inside:avoid}
        .pairs th{width:34%;font-size:9pt;font-weight:normal;border-bottom:.5px solid #999;vertical-align:top}
        .quote{display:block;font-size:8.5pt;padding-inline-start:3mm}
        .code{font:8pt "Liberation Mono","DejaVu Sans Mono",Menlo,Consolas,monospace}
        figure{margin:0 0 3mm;break-inside:avoid}
        svg{width:100%;height:auto;display:block;-webkit-print-color-adjust:exact;print-color-adjust:exact}
        svg text{fill:#000}
        figcaption{font-size:8.5pt}
        @media screen{body{padding:8mm}}
        </style>
        """;
}
