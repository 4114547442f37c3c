export { reportCsv } from './csv';
export { driverHtml, type DriverPage } from './driver-page';
export { reportHtml } from './html';
export { OFFLINE, type PageHost } from './page';
export { driverMarkdown, reportMarkdown } from './markdown';
export { runTablePage, type TablePageData } from './table-script';
export { TABLE_STYLE } from './table-style';
export { covered, driverText, obstacles, partsOf, ranked, reportText } from './text';
