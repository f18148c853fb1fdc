-- A trading company: names with blanks, money, blobs, views with computed columns, unquoted checks.
CREATE TABLE [Categories] ([CategoryID] INTEGER PRIMARY KEY AUTOINCREMENT, [CategoryName] TEXT, [Picture] BLOB);
CREATE TABLE [Customers] ([CustomerID] TEXT, [CompanyName] TEXT, [Country] TEXT DEFAULT 'Germany', PRIMARY KEY (`CustomerID`));
CREATE TABLE [Region] ([RegionID] INTEGER NOT NULL PRIMARY KEY, [RegionDescription] TEXT NOT NULL);
CREATE TABLE [Territories] ([TerritoryID] TEXT NOT NULL, [TerritoryDescription] TEXT NOT NULL, [RegionID] INTEGER NOT NULL, PRIMARY KEY ("TerritoryID"), FOREIGN KEY ([RegionID]) REFERENCES [Region] ([RegionID]) ON DELETE NO ACTION ON UPDATE NO ACTION);
CREATE TABLE [Products] ([ProductID] INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, [ProductName] TEXT NOT NULL, [CategoryID] INTEGER, [QuantityPerUnit] TEXT, [UnitPrice] NUMERIC DEFAULT 0, [UnitsInStock] INTEGER DEFAULT 0, [Discontinued] TEXT NOT NULL DEFAULT '0', FOREIGN KEY ([CategoryID]) REFERENCES [Categories] ([CategoryID]) ON DELETE NO ACTION ON UPDATE NO ACTION, CHECK ([UnitPrice]>=(0)), CHECK ([UnitsInStock]>=(0)));
CREATE TABLE [Orders] ([OrderID] INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, [CustomerID] TEXT, [OrderDate] DATETIME, [Freight] NUMERIC DEFAULT 0, [Ship Name] TEXT, FOREIGN KEY ([CustomerID]) REFERENCES [Customers] ([CustomerID]) ON DELETE NO ACTION ON UPDATE NO ACTION);
CREATE TABLE [Order Details] ([OrderID] INTEGER NOT NULL, [ProductID] INTEGER NOT NULL, [UnitPrice] NUMERIC NOT NULL DEFAULT 0, [Quantity] INTEGER NOT NULL DEFAULT 1, [Discount] REAL NOT NULL DEFAULT 0, PRIMARY KEY ("OrderID", "ProductID"), CHECK ([Discount]>=(0) AND [Discount]<=(1)), CHECK ([Quantity]>(0)), CHECK ([UnitPrice]>=(0)), FOREIGN KEY ([OrderID]) REFERENCES [Orders] ([OrderID]) ON DELETE NO ACTION ON UPDATE NO ACTION, FOREIGN KEY ([ProductID]) REFERENCES [Products] ([ProductID]) ON DELETE NO ACTION ON UPDATE NO ACTION);
CREATE VIEW [Alphabetical list of products] AS SELECT Products.*, Categories.CategoryName FROM Categories INNER JOIN Products ON Categories.CategoryID = Products.CategoryID WHERE (((Products.Discontinued) = 0));
CREATE VIEW [Order Subtotals] AS SELECT [Order Details].OrderID, Sum([Order Details].UnitPrice * Quantity * (1 - Discount) / 100) * 100 AS Subtotal FROM [Order Details] GROUP BY [Order Details].OrderID;
CREATE VIEW [Sales by Category] AS SELECT Categories.CategoryID, Categories.CategoryName, Products.ProductName, Sum([Order Details].UnitPrice * Quantity) AS ProductSales FROM Categories JOIN Products ON Categories.CategoryID = Products.CategoryID JOIN [Order Details] ON Products.ProductID = [Order Details].ProductID GROUP BY Categories.CategoryID, Categories.CategoryName, Products.ProductName;
INSERT INTO Categories VALUES (1, 'Beverages', x'FFD8FF'), (2, NULL, NULL);
INSERT INTO Customers VALUES ('ALFKI', 'Alfreds', 'Germany'), ('ANATR', NULL, NULL);
INSERT INTO Region VALUES (1, 'Eastern');
INSERT INTO Territories VALUES ('01581', 'Westboro', 1);
INSERT INTO Products VALUES (1, 'Chai', 1, '10 boxes', 18, 39, '0'), (2, 'Chang', NULL, NULL, 18.5, 0, '1');
INSERT INTO Orders VALUES (10248, 'ALFKI', '2016-07-04', 32.38, 'Vins'), (10249, NULL, NULL, 0, NULL);
INSERT INTO "Order Details" VALUES (10248, 1, 14, 12, 0.15), (10249, 2, 0, 1, 0);
